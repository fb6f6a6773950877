/**
 * Time, as rooms with windows, back-offs, breakers and expiry dates see it. Handed to them, so that a test can turn it by hand.
 *
 * Units: milliseconds.
 */
export interface Clock {
  /** Wall time since 1970. For dates that others named (`exp`, `Expires`); it may jump. */
  now(): number;
  /** Time since some fixed moment; never goes back. For everything that measures or waits. */
  monotonic(): number;
  /** Calls `callback` once, `delayMs` from now; does not keep the process alive. Gives a function that takes it back. */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** The machine's. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
