import type { Clock } from '../../base/kit/Clock.js';
import { systemClock } from '../../base/kit/Clock.js';
import { notices } from '../../base/telemetry/channels.js';

/** A store that fails is spoken of once in this time. Milliseconds. */
const QUIET_MS = 10_000;

/** Tells the log that the store of limits fails; not once per request. */
export class StoreFailures {
  readonly #clock: Clock;
  #quietUntil = -Infinity;
  #untold = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  note(error: unknown): void {
    const now = this.#clock.monotonic();
    if (now < this.#quietUntil) return void this.#untold++;
    const details = { requestsBefore: this.#untold };
    notices.publish({ level: 'warn', message: 'The rate limit store did not answer', details, error });
    this.#quietUntil = now + QUIET_MS;
    this.#untold = 0;
  }
}
