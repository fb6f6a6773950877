import { refusals } from '../../base/telemetry/channels.js';
import type { Refusal } from '../../base/telemetry/channels.js';
import type { Clock } from '../../base/kit/Clock.js';

const MAX_PER_WINDOW = 100;
const WINDOW_MS = 1000;

/** Tells whoever listens of refusals, at most 100 a second: who asks for what they may not have decides how often they ask. */
export class RefusalLog {
  readonly #clock: Clock;
  #windowEndsAt = -Infinity;
  #told = 0;
  #dropped = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  tell(refusal: Omit<Refusal, 'dropped'>): void {
    if (!refusals.hasSubscribers) return;
    const now = this.#clock.monotonic();
    if (now >= this.#windowEndsAt) {
      this.#windowEndsAt = now + WINDOW_MS;
      this.#told = 0;
    }
    if (this.#told >= MAX_PER_WINDOW) {
      this.#dropped++;
      return;
    }
    this.#told++;
    refusals.publish({ ...refusal, dropped: this.#dropped });
    this.#dropped = 0;
  }
}
