import type { Adjustment, Claim, Group, Limiter, Spending } from './Limiter.js';

/** A limiter that is given back when nobody counts in it any more. */
export interface LeasedLimiter {
  readonly limiter: Limiter;
  release(): void;
}

/**
 * Counts where it was counted before until the next store can be asked for the first time, and from then on in that one: other credentials
 * that are wrong, or a server that is not there yet, take no limit away.
 */
export class Handover implements Limiter {
  readonly #next: Limiter;
  readonly #isReady: () => boolean;
  #former: LeasedLimiter | undefined;
  /** What the former store granted: the next one must not give it back. */
  readonly #ofFormer = new WeakSet<Claim>();

  constructor(former: LeasedLimiter, next: Limiter, isReady: () => boolean) {
    this.#former = former;
    this.#next = next;
    this.#isReady = isReady;
  }

  spend(groups: readonly Group[]): readonly Spending[] | Promise<readonly Spending[]> {
    const former = this.#stillFormer();
    if (former === undefined) return this.#next.spend(groups);
    for (const { claims } of groups) for (const claim of claims) this.#ofFormer.add(claim);
    return former.spend(groups);
  }

  adjust(adjustments: readonly Adjustment[]): void | Promise<void> {
    const former = this.#stillFormer();
    if (former !== undefined) return former.adjust(adjustments);
    const own = adjustments.filter(({ claim }) => !this.#ofFormer.has(claim));
    return own.length === 0 ? undefined : this.#next.adjust(own);
  }

  close(): Promise<void> {
    this.#end();
    return this.#next.close();
  }

  #stillFormer(): Limiter | undefined {
    if (this.#former !== undefined && this.#isReady()) this.#end();
    return this.#former?.limiter;
  }

  #end(): void {
    this.#former?.release();
    this.#former = undefined;
  }
}
