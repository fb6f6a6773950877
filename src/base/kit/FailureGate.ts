import type { Clock } from './Clock.js';

/** Failures in a row after which a service is left alone for a while. */
const FAILURES = 5;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

/**
 * Leaves a service alone that fails again and again: after some failures in a row nobody asks for a while, then one at a time tries, and each
 * failure doubles the wait. A success forgets everything.
 *
 * For the few services that a gateway itself needs; calls to subgraphs have a breaker that counts rates (upstream/resilience).
 */
export class FailureGate {
  readonly #clock: Clock;
  #failures = 0;
  #closedUntil = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether to ask now. After a wait only the first one may; the others wait for how it fares. */
  enter(): boolean {
    if (this.#failures < FAILURES) return true;
    const now = this.#clock.monotonic();
    if (now < this.#closedUntil) return false;
    this.#closedUntil = now + this.#waitMs();
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures++;
    if (this.#failures >= FAILURES) this.#closedUntil = this.#clock.monotonic() + this.#waitMs();
  }

  #waitMs(): number {
    return Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#failures - FAILURES, 10));
  }
}
