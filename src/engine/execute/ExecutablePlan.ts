import type { Run, RunInput } from './Run.js';

/** A plan turned into steps. Holds no state of a request. */
export interface ExecutablePlan {
  /** Begins an execution; `done` of the run says when it is over. */
  start(input: RunInput): Run;
  /** The subgraphs it may call. */
  readonly subgraphs: readonly string[];
}
