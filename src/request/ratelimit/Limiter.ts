import type { LimitRule } from './LimitRule.js';

/** One limit that stands before something, for one caller. */
export interface Claim {
  readonly rule: LimitRule;
  /** Who is counted: unique within the rule. */
  readonly key: string;
  /** Whose share of the counters' memory it uses. */
  readonly tenant: string;
  /** What one unit of the group takes; 0 takes nothing and is never refused. */
  readonly cost: number;
  /** Whether it only looks whether there is room, and takes nothing. */
  readonly readOnly: boolean;
}

/** Things that are limited alike: the same field for the same caller, asked `units` times. */
export interface Group {
  /** How many; each passes or is refused by itself. */
  readonly units: number;
  /** Each one needs room in all of them. */
  readonly claims: readonly Claim[];
  /** Of the whole request: unless all units pass, nothing passes, and no later group is asked or charged. */
  readonly decides: boolean;
}

/** How a claim stands after the spending. */
export interface Standing {
  /** Units left. */
  readonly remaining: number;
  /** Until there is room for one more unit of the group, in milliseconds; 0 when there is, Infinity when there never is. */
  readonly retryAfterMs: number;
  /** Until nothing of what is taken counts any more (bucket, fixed window), or the oldest does not (sliding window), in milliseconds. */
  readonly resetMs: number;
  /** When that was, by the clock of its store. Milliseconds. */
  readonly at: number;
}

/** What came of a group. */
export interface Spending {
  /** How many of its units passed. */
  readonly granted: number;
  /** By the group's claims. */
  readonly standings: readonly Standing[];
}

/** What was taken has turned out to be too much or too little. */
export interface Adjustment {
  readonly claim: Claim;
  /** Taken besides; below 0: given back. Whole, never 0. */
  readonly units: number;
  /** When the claim was granted, as its standing says it. What does not count any more is not given back. */
  readonly at: number;
}

/**
 * Counts. All groups of a request go in one call, decided one after the other as if nobody else counted meanwhile.
 *
 * Errors: STORE_UNAVAILABLE-like failures reject; the caller decides what each limit does then.
 */
export interface Limiter {
  spend(groups: readonly Group[]): readonly Spending[] | Promise<readonly Spending[]>;
  /** Errors: as `spend`. */
  adjust(adjustments: readonly Adjustment[]): void | Promise<void>;
  close(): Promise<void>;
}
