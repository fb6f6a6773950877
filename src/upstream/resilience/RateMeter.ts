/** Most calls to a subgraph in a stretch of time, whoever asks. */
export interface RateCeiling {
  /** Calls in any stretch of `intervalMs`, wherever it begins. */
  readonly capacity: number;
  /** Milliseconds. */
  readonly intervalMs: number;
  /** When what counts cannot be asked: `allow` counts in this process meanwhile, `deny` lets nothing through. */
  readonly onStoreFailure: 'allow' | 'deny';
}

/**
 * Counts the calls to one place. Handed in: where is counted, here or for several gateways, is no business of this wing.
 *
 * HOT: once per attempt.
 */
export interface RateMeter {
  /**
   * Takes room for one call. Gives undefined when there was some; otherwise the milliseconds until there is.
   *
   * Errors: RATE_LIMITER_UNAVAILABLE when it cannot count and the ceiling says `deny`.
   */
  take(): number | undefined | Promise<number | undefined>;
}

/** The meter of a subgraph's ceiling. @param place where the calls go: what has moved begins anew */
export type RateMeters = (subgraph: string, place: string, ceiling: RateCeiling) => RateMeter;
