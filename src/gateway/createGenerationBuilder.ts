import { createApolloPlanner } from '../engine/plan/apollo/createApolloPlanner.js';
import type { ApolloPlannerOptions } from '../engine/plan/apollo/createApolloPlanner.js';
import type { EntityBatching } from '../engine/execute/groupPlan.js';
import type { FallbackSetting } from '../engine/execute/fallback/FallbackCompiler.js';
import type { FallbackTable } from '../engine/execute/fallback/FallbackRule.js';
import type { ErrorExposure } from '../engine/execute/subgraphFaults.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import type { Plan } from '../engine/plan/nodes.js';
import { PlanCache } from '../engine/plan/PlanCache.js';
import type { Planner } from '../engine/plan/Planner.js';
import type { RequestContext } from '../request/context.js';
import { createAuthorizer } from '../request/authorization/createAuthorizer.js';
import type { AuthorizationSettings, BuiltAuthorizer } from '../request/authorization/createAuthorizer.js';
import type { Policy } from '../request/authorization/Policy.js';
import { createHandle } from '../request/handle.js';
import { anonymous } from '../request/Identity.js';
import type { AnswerHeaderRules } from '../request/headers/AnswerHeaderRule.js';
import { compileAnswerHeaders } from '../request/headers/compileAnswerHeaders.js';
import { compileHeaders } from '../request/headers/compileHeaders.js';
import type { HeaderSource } from '../request/headers/compileHeaders.js';
import type { HeaderRules } from '../request/headers/HeaderRule.js';
import { LimitStores } from '../request/ratelimit/LimitStores.js';
import { compileRouting } from '../request/routing/compileRouting.js';
import type { SubgraphRouting } from '../request/routing/RoutingRule.js';
import { readSupergraphInWorker } from '../supergraph/read/readSupergraphInWorker.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { ConnectorsConfig } from '../upstream/createConnectors.js';
import type { ClientsOptions } from '../upstream/createClients.js';
import type { EndpointTarget } from '../upstream/balance/Endpoint.js';
import { createHealthRegistry } from '../upstream/balance/HealthRegistry.js';
import type { HealthRegistry } from '../upstream/balance/HealthRegistry.js';
import { createPoolRegistry } from '../upstream/http/pools.js';
import type { PoolRegistry } from '../upstream/http/pools.js';
import { createMemoryStaleStore } from '../base/storage/createMemoryStaleStore.js';
import type { StaleStore } from '../base/storage/StaleStore.js';
import { TrafficRegistry } from '../upstream/resilience/TrafficRegistry.js';
import type { TrafficSettings } from '../upstream/TrafficOptions.js';
import type { EngineConfig } from '../base/config/loadOptions.js';
import type { Clock } from '../base/kit/Clock.js';
import { connectorHeaders } from './connectorHeaders.js';
import { createCharger } from './createCharger.js';
import { createDemandControl } from './createDemandControl.js';
import { connectSubgraphs, hookKeyOf } from './connectSubgraphs.js';
import type { BuildGeneration, Generation } from './generation.js';
import { readFallbacks } from './readFallbacks.js';
import type { FallbackConfig } from './readFallbacks.js';
import type { SubgraphHooks } from './hooks/SubgraphHooks.js';
import { keptOperations, warm } from './warmUp.js';

export interface EngineOptions {
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
  /** Of windows, back-offs, breakers and expiry dates. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Reads and plans on this thread, whatever time it takes: for tests. Default: in worker threads. */
  readonly workshop?: Workshop | undefined;
  /** Operations planned before a generation serves. Default 100. */
  readonly warmOperations?: number | undefined;
  /**
   * Asked before a generation is built.
   * Errors: whatever it throws refuses the supergraph.
   */
  readonly accept?: ((supergraph: Supergraph, isFirst: boolean) => void) | undefined;
}

/** Who does the slow work on a supergraph. */
export interface Workshop {
  /** Errors: as `readSupergraph`. */
  read(sdl: string): Promise<Supergraph>;
  createPlanner(sdl: string): Planner & { warm?(): Promise<unknown> };
}

export interface SubgraphOptions {
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

/** Operations planned before a generation serves. */
const WARM_OPERATIONS = 100;
const MAX_PREPARED = 1000;
/** For last good answers. */
const STALE_BYTES = 16_000_000;
/** A plan in memory is about this many times its text (objects, strings of their own). */
const PLAN_OVERHEAD = 6;
const NO_SETTINGS: AuthorizationSettings = {
  requireAuthentication: false,
  directives: {
    enabled: true,
    dryRun: false,
    unauthorized: { mode: 'filter' },
    errors: { log: true, response: 'errors' },
  },
  fields: {},
  policies: { expressions: {}, timeout: 1000 },
  introspection: { filter: false },
};
const MASKED = { mask: true, allowExtensions: new Set(['code']) };

/**
 * How the generations of one gateway are built. Sockets outlive generations: all of them use one registry of pools.
 *
 * @param current the options; asked anew for each generation
 * @param pools whose sockets to use
 * @param registry whose breakers, places and retry budgets
 */
export function createGenerationBuilder(
  current: () => EngineOptions,
  pools: PoolRegistry = createPoolRegistry(),
  registry: TrafficRegistry = new TrafficRegistry(),
): BuildGeneration {
  // Outlives generations: a reload in the middle of an outage must not forget what was good.
  let store: { readonly maxBytes: number; readonly kept: StaleStore } | undefined;
  const fallbackSetting = (table: FallbackTable, { apiSchema, owners }: Supergraph): FallbackSetting | undefined => {
    if (table.isEmpty) return undefined;
    const { fallback, clock } = current();
    const maxBytes = fallback?.maxSize ?? STALE_BYTES;
    if (store?.maxBytes !== maxBytes) store = { maxBytes, kept: createMemoryStaleStore(maxBytes, clock) };
    return { table, schema: apiSchema, owners, store: store.kept };
  };
  let health: HealthRegistry | undefined;
  return async (sdl, previous) => {
    const options = current();
    health ??= createHealthRegistry(options.clock);
    const shared = { pools, health, registry };
    const { maxCacheBytes } = options.planner ?? {};
    const { read, createPlanner } = options.workshop ?? inWorkers(options.planner);
    const pool = createPlanner(sdl);
    try {
      // Side by side: each takes the better part of a second. What is wrong with the supergraph is said by its reader.
      const warmed = pool.warm?.() ?? Promise.resolve();
      warmed.catch(() => {});
      const supergraph = await read(sdl);
      options.accept?.(supergraph, previous === undefined);
      await warmed;
      const cache = new PlanCache<Plan>({
        make: (request, lifetime) => pool.plan(request, lifetime),
        sizeOf: (_plan, { text }) => text.length * PLAN_OVERHEAD,
        ...(maxCacheBytes !== undefined && { maxBytes: maxCacheBytes }),
      });
      const planner = cachedPlanner(cache, pool);
      const hottest = previous === undefined ? await keptOperations(options.warmupFile) : previous.hottest();
      const { policies, clock } = options;
      const access = await createAuthorizer(options.authorization ?? NO_SETTINGS, supergraph, { policies, clock });
      await warm(planner, hottest, options.warmOperations ?? WARM_OPERATIONS);
      const { table } = readFallbacks(supergraph, options.fallback);
      return assemble(supergraph, planner, cache, options, shared, access, fallbackSetting(table, supergraph));
    } catch (error) {
      await pool.close();
      throw error;
    }
  };
}

function inWorkers({ workers, timeoutMs, trap }: Partial<PlannerOptions> = {}): Workshop {
  return {
    read: readSupergraphInWorker,
    createPlanner: (supergraphSdl) =>
      createApolloPlanner({
        supergraphSdl,
        ...(workers !== undefined && { workers }),
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(trap !== undefined && { trap }),
      }),
  };
}

/** What generations of one gateway have in common. */
interface SharedParts {
  readonly pools: PoolRegistry;
  readonly health: HealthRegistry;
  readonly registry: TrafficRegistry;
}

function assemble(
  supergraph: Supergraph,
  planner: Planner,
  cache: PlanCache<Plan>,
  options: EngineOptions,
  { pools, health, registry }: SharedParts,
  access: BuiltAuthorizer,
  fallbacks: FallbackSetting | undefined,
): Generation {
  const { bySubgraph = new Map<string, SubgraphOptions>(), errors = MASKED, hooks = {} } = options;
  const { rules, readOnly } = connectorHeaders(supergraph.connectors.values(), options.headers);
  const forwardHeaders = rules && compileHeaders(rules);
  const ownHeaders = forwardHeaders?.(NOBODY);
  const limitStores = options.limitStores ?? new LimitStores(options.clock);
  const { charger, rateMeters, release } = createCharger(supergraph, options.rateLimit, limitStores);
  const probeHeaders: ClientsOptions['probeHeaders'] = (subgraph) => ownHeaders?.headersFor(subgraph) ?? [];
  const connecting = { ...options, readOnlyHeaders: readOnly };
  let clients: ReturnType<typeof connectSubgraphs>;
  try {
    clients = connectSubgraphs(supergraph, connecting, pools, registry, { health, probeHeaders, rateMeters });
  } catch (error) {
    release();
    throw error;
  }
  const ownerOf = (subgraph: string): string => supergraph.connectors.get(subgraph)?.subgraph ?? subgraph;
  const handle = createHandle({
    supergraph,
    planner,
    clients,
    limits: options.limits,
    exposureOf: (subgraph) => bySubgraph.get(ownerOf(subgraph))?.errors ?? errors,
    batchingOf: (subgraph) => bySubgraph.get(ownerOf(subgraph))?.entityBatching ?? options.entityBatching,
    overrideLabels: new Set(options.overrideLabels),
    authorizer: access.authorizer,
    demand: createDemandControl(supergraph, options.demandControl, options.limits),
    charger,
    limitNotes: options.rateLimit,
    forwardHeaders,
    takeHeaders: options.answerHeaders && compileAnswerHeaders(options.answerHeaders),
    routeRequest: compileRouting(routingsOf(bySubgraph)),
    dedupe: options.dedupe,
    fallbacks,
    hookKeyOf: hookKeyOf(hooks),
    exposePlans: options.exposePlans,
    maxPrepared: MAX_PREPARED,
  });
  return {
    supergraph,
    handle,
    traffic: registry,
    hottest: () => cache.hottest(options.warmOperations ?? WARM_OPERATIONS),
    async close() {
      release();
      await Promise.all([planner.close(), access.close(), ...[...clients.values()].map((client) => client.close())]);
    },
  };
}

/** Whose headers a probe carries: no client's, so that only those are left which the rules insert. */
const NOBODY: HeaderSource = { header: () => undefined, headerNames: () => [], correlation: [], identity: anonymous };

function routingsOf(bySubgraph: ReadonlyMap<string, SubgraphOptions>): Map<string, SubgraphRouting> {
  const routings = new Map<string, SubgraphRouting>();
  for (const [name, { routing }] of bySubgraph) if (routing !== undefined) routings.set(name, routing);
  return routings;
}

function cachedPlanner(cache: PlanCache<Plan>, pool: Planner): Planner {
  return {
    plan: (request, lifetime) =>
      cache.get({ document: request.text, variant: request.labels.join('\n') }, request, lifetime),
    close: () => pool.close(),
  };
}
