import { createApolloPlanner } from '../engine/plan/apollo/createApolloPlanner.js';
import type { FallbackSetting } from '../engine/execute/fallback/FallbackCompiler.js';
import type { FallbackTable } from '../engine/execute/fallback/FallbackRule.js';
import type { Plan } from '../engine/plan/nodes.js';
import { PlanCache } from '../engine/plan/PlanCache.js';
import type { Planner } from '../engine/plan/Planner.js';
import { createAuthorizer } from '../request/authorization/createAuthorizer.js';
import type { AuthorizationSettings, BuiltAuthorizer } from '../request/authorization/createAuthorizer.js';
import { expandInWorker } from '../supergraph/compose/expandInWorker.js';
import { readSupergraphInWorker } from '../supergraph/read/readSupergraphInWorker.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { createHealthRegistry } from '../upstream/balance/HealthRegistry.js';
import type { HealthRegistry } from '../upstream/balance/HealthRegistry.js';
import { createPoolRegistry } from '../upstream/http/pools.js';
import type { PoolRegistry } from '../upstream/http/pools.js';
import { createMemoryStaleStore } from '../base/storage/createMemoryStaleStore.js';
import type { StaleStore } from '../base/storage/StaleStore.js';
import { TrafficRegistry } from '../upstream/resilience/TrafficRegistry.js';
import { assembleGeneration } from './assembleGeneration.js';
import type { GenerationOptions, PlannerOptions, Workshop } from './GenerationOptions.js';
import type { BuildGeneration } from './generation.js';
import { buildRestSubgraphs } from './buildRestSubgraphs.js';
import { loadResponseChecks } from './loadResponseChecks.js';
import { readFallbacks } from './readFallbacks.js';
import { keptOperations, warm } from './warmUp.js';

/** Operations planned before a generation serves. */
const WARM_OPERATIONS = 100;
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

/**
 * How the generations of one gateway are built. Sockets outlive generations: all of them use one registry of pools.
 *
 * @param current the options; asked anew for each generation
 * @param pools whose sockets to use
 * @param registry whose breakers, places and retry budgets
 */
export function createGenerationBuilder(
  current: () => GenerationOptions,
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
  return async (given, previous) => {
    const options = current();
    health ??= createHealthRegistry(options.clock);
    const { warmOperations = WARM_OPERATIONS } = options;
    const { maxCacheBytes } = options.planner ?? {};
    const { expand = expandInWorker, read, createPlanner } = options.workshop ?? inWorkers(options.planner);
    const sdl = await expand(given);
    const pool = createPlanner(sdl);
    let access: BuiltAuthorizer | undefined;
    try {
      // Side by side: each takes the better part of a second. What is wrong with the supergraph is said by its reader.
      const warmed = pool.warm?.() ?? Promise.resolve();
      warmed.catch(() => {});
      const supergraph = await read(sdl);
      const fallbacks = readFallbacks(supergraph, options.fallback);
      options.accept?.(supergraph, previous === undefined, fallbacks.problems);
      await warmed;
      const cache = new PlanCache<Plan>({
        make: (request, lifetime) => pool.plan(request, lifetime),
        sizeOf: (_plan, { text }) => text.length * PLAN_OVERHEAD,
        ...(maxCacheBytes !== undefined && { maxBytes: maxCacheBytes }),
      });
      const planner = cachedPlanner(cache, pool);
      const hottest = previous === undefined ? await keptOperations(options.warmupFile) : previous.hottest();
      const { policies, clock } = options;
      const { table } = fallbacks;
      const withPolicies = { policies, clock, standIns: table.otherFields };
      const restSubgraphs = await buildRestSubgraphs(supergraph, options);
      const responseChecks = await loadResponseChecks(options.connectors);
      access = await createAuthorizer(options.authorization ?? NO_SETTINGS, supergraph, withPolicies);
      await warm(planner, hottest, warmOperations);
      return assembleGeneration(options, {
        supergraph,
        planner,
        hottest: () => cache.hottest(warmOperations),
        access,
        fallbacks: fallbackSetting(table, supergraph),
        restSubgraphs,
        responseChecks,
        pools,
        health,
        registry,
      });
    } catch (error) {
      await Promise.all([pool.close(), access?.close()]);
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

function cachedPlanner(cache: PlanCache<Plan>, pool: Planner): Planner {
  return {
    plan: (request, lifetime) =>
      cache.get({ document: request.text, variant: request.labels.join('\n') }, request, lifetime),
    close: () => pool.close(),
  };
}
