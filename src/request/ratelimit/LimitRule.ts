/**
 * How a limit counts.
 *
 * - `sliding_window`: never more than `max` in any stretch of `windowMs`, wherever it begins.
 * - `token_bucket`: `max` in `windowMs` on average, at most `burst` at once (GCRA, ITU-T I.371).
 * - `fixed_window`: `max` in each window; windows begin with the epoch, or with the day or month (UTC).
 */
export type Algorithm = 'sliding_window' | 'token_bucket' | 'fixed_window';

/** One limit, as the schema or the configuration declares it. */
export interface LimitRule {
  /** What clients, logs and keys call it: a coordinate with a number, or the name of a policy. */
  readonly name: string;
  readonly algorithm: Algorithm;
  /** Units in a window; a whole number, 0 allows nothing. */
  readonly max: number;
  /** Milliseconds. Of a calendar window: its greatest length. */
  readonly windowMs: number;
  /** Units at once, for `token_bucket` alone; at least 1 where `max` is. */
  readonly burst: number;
  /** Windows that begin with the day or the month, for `fixed_window` alone. */
  readonly calendar: 'day' | 'month' | undefined;
  /** Whether what is refused counts too, so that whoever keeps trying keeps being refused. Not for `token_bucket`. */
  readonly countRejected: boolean;
}

/** Most stamps kept for a caller of a sliding window. Limits up to it are exact to the millisecond. */
export const MAX_STAMPS = 256;

/**
 * A sliding window knows the times of what it let through rounded up to this. Milliseconds. Rounding up means that what was let through
 * counts a little longer than the window, never shorter: the promise of `max` holds, and a place is free at most 1/256 window late.
 */
export function stampResolutionMs({ max, windowMs, countRejected }: LimitRule): number {
  return max <= MAX_STAMPS && !countRejected ? 1 : Math.max(1, windowMs / MAX_STAMPS);
}
