import type { Clock } from '../../base/kit/Clock.js';

export interface RetryBudgetOptions {
  /** Retries per hundred calls, over the last ten seconds. Default 20. */
  readonly percent: number;
  /** Retries that are allowed in ten seconds however few calls there are. Default 3. */
  readonly minRetries: number;
}

const BUCKETS = 10;
const BUCKET_MS = 1000;

/**
 * How much extra load retries may be: a share of the calls of the last ten seconds, with a floor. A subgraph that fails altogether gets a
 * fifth more calls, not twice as many. HOT: `count` once per query.
 */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  readonly #clock: Clock;
  readonly #calls = new Array<number>(BUCKETS).fill(0);
  readonly #retries = new Array<number>(BUCKETS).fill(0);
  #allCalls = 0;
  #allRetries = 0;
  #at = 0;
  #bucketEndsAt: number;

  constructor(options: RetryBudgetOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#bucketEndsAt = clock.monotonic() + BUCKET_MS;
  }

  /** A call begins. */
  count(): void {
    this.#turn();
    this.#calls[this.#at]!++;
    this.#allCalls++;
  }

  /** Takes a retry out of the budget, if there is one. */
  take(): boolean {
    this.#turn();
    const { percent, minRetries } = this.#options;
    if (this.#allRetries + 1 > Math.max(minRetries, (this.#allCalls * percent) / 100)) return false;
    this.#retries[this.#at]!++;
    this.#allRetries++;
    return true;
  }

  #turn(): void {
    const now = this.#clock.monotonic();
    if (now < this.#bucketEndsAt) return;
    const passed = Math.floor((now - this.#bucketEndsAt) / BUCKET_MS) + 1;
    for (let bucket = Math.min(passed, BUCKETS); bucket > 0; bucket--) {
      this.#at = (this.#at + 1) % BUCKETS;
      this.#allCalls -= this.#calls[this.#at]!;
      this.#allRetries -= this.#retries[this.#at]!;
      this.#calls[this.#at] = 0;
      this.#retries[this.#at] = 0;
    }
    this.#bucketEndsAt += passed * BUCKET_MS;
  }
}
