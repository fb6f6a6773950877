/**
 * One algorithm with its numbers. The state is the caller's; the meter has none.
 *
 * HOT: once per limit and request. Times are milliseconds of one clock.
 */
export interface Meter<State> {
  /** Of somebody who was never seen. */
  start(): State;
  /** Units that may be taken now; below 0 when refused ones were counted. */
  available(state: State, now: number): number;
  take(state: State, units: number, now: number): void;
  /**
   * Gives back what was taken at `at`, as far as it still counts. A window then lets no more through than if it had not been taken; a bucket at
   * most what it has refilled since, because nobody knows whether it would have been full.
   */
  giveBack(state: State, units: number, at: number): void;
  /** Until `units` may be taken; Infinity when never. */
  waitMs(state: State, units: number, now: number): number;
  /** See Standing. */
  resetMs(state: State, now: number): number;
  /** A state that nothing was taken from for so long says no more than `start` does: it may be forgotten. */
  readonly memoryMs: number;
  /** Of a state, about, in bytes. */
  weigh(state: State): number;
}
