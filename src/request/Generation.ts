import type { ErrorExposure } from '../engine/execute/subgraphFaults.js';
import type { FallbackSetting } from '../engine/execute/fallback/FallbackCompiler.js';
import type { EntityBatching } from '../engine/execute/groupPlan.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import type { Planner } from '../engine/plan/Planner.js';
import type { SubgraphClient } from '../upstream/SubgraphClient.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';

import type { RequestContext } from './context.js';
import type { Authorizer } from './authorization/Authorizer.js';
import type { DemandControl } from './DemandControl.js';
import type { TakeHeaders } from './headers/compileAnswerHeaders.js';
import type { ForwardHeaders } from './headers/compileHeaders.js';
import type { Charger } from './ratelimit/Charger.js';
import type { LimitNotes } from './ratelimit/LimitNotes.js';
import type { RouteRequest } from './routing/compileRouting.js';

/** What requests need of one supergraph generation. Immutable but for the caches it owns. */
export interface GenerationParts {
  readonly supergraph: Supergraph;
  /** With the plan cache in front. */
  readonly planner: Planner;
  readonly clients: ReadonlyMap<string, SubgraphClient>;
  readonly limits: OperationLimits;
  readonly exposureOf: (subgraph: string) => ErrorExposure;
  readonly batchingOf: (subgraph: string) => EntityBatching;
  /** Override labels switched on by configuration (`percent(n)` labels are rolled and need no switch). */
  readonly overrideLabels: ReadonlySet<string>;
  /** Who may have what; absent where everybody may have everything. */
  readonly authorizer?: Authorizer | undefined;
  /** How much one operation may ask for; absent where that is no question. */
  readonly demand?: DemandControl | undefined;
  /** How often who may what; absent where nothing is limited. */
  readonly charger?: Charger | undefined;
  readonly limitNotes?: LimitNotes | undefined;
  /** What subgraphs get of the client's headers; absent for nothing. */
  readonly forwardHeaders?: ForwardHeaders | undefined;
  /** What clients get of the subgraphs' headers; absent for nothing. */
  readonly takeHeaders?: TakeHeaders | undefined;
  /** Where calls go among the endpoints of their subgraphs; absent where nothing chooses. */
  readonly routeRequest?: RouteRequest | undefined;
  /** Whether identical queries in flight share one execution. */
  readonly dedupe: boolean;
  /** What stands in for what cannot be had; absent for nothing. */
  readonly fallbacks?: FallbackSetting | undefined;
  /**
   * What hooks read of a request besides its headers, as text, by the `origin` of the request. It belongs to the key of a shared execution;
   * `undefined`: they may read anything, and nothing is shared. Absent where there are no hooks.
   */
  readonly hookKeyOf?: ((origin: unknown) => string | undefined) | undefined;
  /** Whether a client may ask for the plan of its operation (see exposePlan.ts). Shows how the graph is cut: not for the public. */
  readonly exposePlans: boolean | ((context: RequestContext) => boolean);
  /** How many prepared documents are kept. */
  readonly maxPrepared: number;
}
