import type { Clock } from './Clock.js';

/** Why a lifetime ended before its work was done. */
export type LifetimeEnd = 'deadline' | 'cancelled';

const nothing = (): void => {};

/**
 * The time a piece of work may take, and the news that nobody waits for it any more.
 *
 * A request has one; each subgraph call gets a child with what is left, at most its own limit. Cheaper than an
 * AbortController with `AbortSignal.timeout` (bench: libraries.md 3f, 26 against 60 µs a call): listeners are a plain array.
 *
 * Units: milliseconds on the monotonic clock: `performance.now()`, unless a Clock is given (a test turns it by hand).
 */
export class Lifetime {
  /** When it ends by itself, on its clock. `Infinity` when it never does. */
  readonly endsAt: number;
  /** Whether its deadline is its own, earlier than that of the lifetime it is a part of. */
  readonly isPart: boolean;
  /** Set once, when it ended early or by its deadline. */
  ended: LifetimeEnd | undefined;
  #listeners: Array<(end: LifetimeEnd) => void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #detach: (() => void) | undefined;
  /** Absent for the machine's. */
  readonly #clock: Clock | undefined;

  /**
   * @param timeoutMs how long it lasts; `Infinity` for no limit. The timer is armed at once and never keeps the process alive.
   * @param clock default: the machine's, without the detour
   * @param isPart see the property
   * @param now what its clock shows, for who has just looked
   */
  constructor(timeoutMs: number, clock?: Clock, isPart = false, now = readClock(clock)) {
    this.#clock = clock;
    this.isPart = isPart;
    this.endsAt = now + timeoutMs;
    this.ended = undefined;
    if (timeoutMs === Infinity) return;
    if (clock !== undefined) this.#detach = clock.schedule(() => this.end('deadline'), timeoutMs);
    else {
      this.#timer = setTimeout(() => this.end('deadline'), Math.max(0, timeoutMs));
      this.#timer.unref();
    }
  }

  /** Milliseconds left, never negative. */
  remainingMs(): number {
    return Math.max(0, this.endsAt - readClock(this.#clock));
  }

  /** Ends it now. The first end wins; listeners run once, in the order they were added. */
  end(reason: LifetimeEnd): void {
    if (this.ended !== undefined) return;
    this.ended = reason;
    const listeners = this.#listeners;
    this.close();
    if (listeners !== undefined) for (const listener of listeners) listener(reason);
  }

  /** Calls `listener` when it ends (at once if it already has). Gives a function that takes the listener off again. */
  onEnd(listener: (end: LifetimeEnd) => void): () => void {
    if (this.ended !== undefined) {
      listener(this.ended);
      return nothing;
    }
    const listeners = (this.#listeners ??= []);
    listeners.push(listener);
    return () => {
      const at = listeners.lastIndexOf(listener);
      if (at < 0) return;
      // While it ends the list is being read: taking one out would skip the next.
      if (this.ended !== undefined) listeners[at] = nothing;
      else if (at === listeners.length - 1) listeners.pop();
      else listeners.splice(at, 1);
    };
  }

  /** A lifetime inside this one: ends when this one ends, or after `timeoutMs`. Close it when the work is done. */
  child(timeoutMs: number): Lifetime {
    return this.shorter(timeoutMs) ?? this.#child(this.remainingMs(), this.isPart);
  }

  /** The same, where it makes a difference: undefined when this one ends no later anyway. */
  shorter(timeoutMs: number): Lifetime | undefined {
    const now = readClock(this.#clock);
    return this.endsAt - now <= timeoutMs ? undefined : this.#child(timeoutMs, true, now);
  }

  #child(timeoutMs: number, isPart: boolean, now?: number): Lifetime {
    const child = new Lifetime(timeoutMs, this.#clock, isPart, now);
    const stopTimer = child.#detach;
    const stopListening = this.onEnd((reason) => child.end(reason));
    child.#detach =
      stopTimer === undefined
        ? stopListening
        : () => {
            stopTimer();
            stopListening();
          };
    return child;
  }

  /** Another lifetime on the same clock, which knows nothing of this one: of work that several wait for. */
  another(timeoutMs: number): Lifetime {
    return new Lifetime(timeoutMs, this.#clock);
  }

  /** The work is done: drops the timer and all listeners without calling them. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#listeners = undefined;
    this.#detach?.();
    this.#detach = undefined;
  }
}

function readClock(clock: Clock | undefined): number {
  return clock === undefined ? performance.now() : clock.monotonic();
}
