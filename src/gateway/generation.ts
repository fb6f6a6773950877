import type { PlanRequest } from '../engine/plan/Planner.js';
import type { Handle } from '../request/handle.js';
import type { TrafficRegistry } from '../upstream/resilience/TrafficRegistry.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';

/** A supergraph and everything that was made for it: schema, planner, plan cache, clients. Immutable; a change is a new one. */
export interface Generation {
  readonly supergraph: Supergraph;
  readonly handle: Handle;
  /** Breakers of its subgraphs, to look at and to force. Absent where there is no traffic (fakes). */
  readonly traffic?: TrafficRegistry | undefined;
  /** What ran most, hottest first: the next generation plans it before it serves. */
  hottest(): readonly PlanRequest[];
  /** Closes workers and sockets. Called when no request can reach it any more. */
  close(): Promise<void>;
}

/**
 * Makes a generation, warm: the operations that ran most on `previous` are planned already.
 *
 * Errors: SUPERGRAPH_INVALID, SUPERGRAPH_FEATURE_UNSUPPORTED; nothing is left open then.
 */
export type BuildGeneration = (sdl: string, previous: Generation | undefined) => Promise<Generation>;
