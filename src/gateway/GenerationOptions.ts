import type { ApolloPlannerOptions } from '../engine/plan/apollo/createApolloPlanner.js';
import type { EntityBatching } from '../engine/execute/groupPlan.js';
import type { ErrorExposure } from '../engine/execute/subgraphFaults.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import type { Planner } from '../engine/plan/Planner.js';
import type { RequestContext } from '../request/context.js';
import type { AuthorizationSettings } from '../request/authorization/createAuthorizer.js';
import type { Policy } from '../request/authorization/Policy.js';
import type { AnswerHeaderRules } from '../request/headers/AnswerHeaderRule.js';
import type { HeaderRules } from '../request/headers/HeaderRule.js';
import type { LimitStores } from '../request/ratelimit/LimitStores.js';
import type { SubgraphRouting } from '../request/routing/RoutingRule.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { ConnectorsConfig } from '../upstream/createConnectors.js';
import type { ClientsOptions } from '../upstream/createClients.js';
import type { EndpointTarget } from '../upstream/balance/Endpoint.js';
import type { RestSubgraphDefinition } from '../upstream/rest/code/defineRestSubgraph.js';
import type { TrafficSettings } from '../upstream/TrafficOptions.js';
import type { EngineConfig } from '../base/config/loadOptions.js';
import type { Clock } from '../base/kit/Clock.js';
import type { FallbackConfig, FallbackConfigProblem } from './readFallbacks.js';
import type { SubgraphHooks } from './hooks/SubgraphHooks.js';

/** What a generation is built of: the configuration's part of it, and what the gateway lends. */
export interface GenerationOptions {
  readonly limits: OperationLimits;
  /** Whether identical queries in flight share one execution, and identical subgraph calls one call. */
  readonly dedupe: boolean;
  readonly entityBatching: EntityBatching;
  /** Whether clients may ask for the plan of their operation. */
  readonly exposePlans: boolean | ((context: RequestContext) => boolean);
  /** Override labels that are on. */
  readonly overrideLabels: readonly string[];
  /** Traffic of all subgraphs. */
  readonly traffic: TrafficSettings;
  /** Where a former process kept its hottest operations; absent for none. */
  readonly warmupFile: string | undefined;
  /** What clients read of subgraphs' errors. Default: masked, with their code. */
  readonly errors?: ErrorExposure | undefined;
  /** What differs for one subgraph, by name. */
  readonly bySubgraph?: ReadonlyMap<string, SubgraphOptions> | undefined;
  /** What subgraphs get of the client's headers. Default: nothing. */
  readonly headers?: HeaderRules | undefined;
  /** What REST connectors need of the configuration. */
  readonly connectors?: ConnectorsConfig | undefined;
  /** What clients get of the subgraphs' headers. Default: nothing. */
  readonly answerHeaders?: AnswerHeaderRules | undefined;
  /** What stands in for what cannot be had, besides what subgraphs declare. */
  readonly fallback?: FallbackConfig | undefined;
  readonly planner?: PlannerOptions | undefined;
  /** Who may have what. Default: what the graph demands, and nobody decides policies. */
  readonly authorization?: AuthorizationSettings | undefined;
  /** Subgraphs that are answered in this process, by name. */
  readonly restSubgraphs?: Readonly<Record<string, RestSubgraphDefinition>> | undefined;
  /** Functions of the user's own that decide policies, by name. */
  readonly policies?: Readonly<Record<string, Policy>> | undefined;
  /** How often who may what. Default: what the graph declares is not enforced. */
  readonly rateLimit?: EngineConfig['rateLimit'] | undefined;
  /** How much one operation may ask for. Default: that is no question. */
  readonly demandControl?: EngineConfig['demandControl'] | undefined;
  /** Where is counted; one for all generations of a gateway. */
  readonly limitStores?: LimitStores | undefined;
  /** Functions of the user's own around subgraph calls. */
  readonly hooks?: SubgraphHooks | undefined;
  /** Something else than HTTP for a subgraph, below all decorators; `undefined` means HTTP. */
  readonly sender?: ClientsOptions['sender'] | undefined;
  /** GraphQL servers that answer in the place of REST services: their URLs, by the subgraph that declares the connectors. Default: none. */
  readonly restMocks?: ReadonlyMap<string, string> | undefined;
  /** Of windows, back-offs, breakers and expiry dates. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Reads and plans on this thread, whatever time it takes: for tests. Default: in worker threads. */
  readonly workshop?: Workshop | undefined;
  /** Operations planned before a generation serves. Default 100. */
  readonly warmOperations?: number | undefined;
  /**
   * Asked before a generation is built, and told what of the configured fallbacks cannot be followed.
   * Errors: whatever it throws refuses the supergraph.
   */
  readonly accept?:
    | ((supergraph: Supergraph, isFirst: boolean, ofFallbacks: readonly FallbackConfigProblem[]) => void)
    | undefined;
}

/** Who does the slow work on a supergraph. */
export interface Workshop {
  /** Expands connectors that another tool composed. Default: in a worker thread. Errors: as `expandSupergraph`. */
  expand?(sdl: string): Promise<string>;
  /** Errors: as `readSupergraph`. */
  read(sdl: string): Promise<Supergraph>;
  createPlanner(sdl: string): Planner & { warm?(): Promise<unknown> };
}

export interface SubgraphOptions {
  /** A file: the subgraph is answered in this process, by what `defineRestSubgraph` makes there. */
  readonly module?: string | undefined;
  /** Instead of the URL in the supergraph. */
  readonly url?: string | undefined;
  /** Several places instead of `url`. */
  readonly endpoints?: readonly EndpointTarget[] | undefined;
  /** Which requests go to which of them. */
  readonly routing?: SubgraphRouting | undefined;
  readonly traffic?: TrafficSettings | undefined;
  readonly entityBatching?: EntityBatching | undefined;
  readonly errors?: ErrorExposure | undefined;
}

export interface PlannerOptions {
  /** Plans made at the same time. */
  readonly workers: number;
  readonly timeoutMs: number;
  /** Of the plan cache. */
  readonly maxCacheBytes: number;
  /** For tests: see PlanWorkerData. */
  readonly trap?: ApolloPlannerOptions['trap'];
}
