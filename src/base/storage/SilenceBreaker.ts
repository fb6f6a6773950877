import type { Clock } from '../kit/Clock.js';

/** Commands in a row without an answer after which it is not asked for a while. */
const SILENCES = 3;
/** How long it is left alone before one command tries again. Milliseconds. */
const PAUSE_MS = 1000;

/**
 * Spares callers the wait for somebody who does not answer: after a few silences in a row nobody waits any more, apart from one command a
 * second that finds out whether it answers again.
 */
export class SilenceBreaker {
  readonly #clock: Clock;
  #silences = 0;
  #askAgainAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a command may be sent now. While it is silent this gives true to one command a pause. */
  mayAsk(): boolean {
    if (this.#silences < SILENCES) return true;
    const now = this.#clock.monotonic();
    if (now < this.#askAgainAt) return false;
    this.#askAgainAt = now + PAUSE_MS;
    return true;
  }

  /** A command got an answer, whichever. */
  answered(): void {
    this.#silences = 0;
  }

  /** A command got none within its deadline. */
  silent(): void {
    if (++this.#silences === SILENCES) this.#askAgainAt = this.#clock.monotonic() + PAUSE_MS;
  }
}
