import { createApolloPlanner } from '../engine/plan/apollo/createApolloPlanner.js';
import type { EntityBatching } from '../engine/execute/groupPlan.js';
import type { OperationLimits } from '../engine/operation/limits.js';
import type { Plan } from '../engine/plan/nodes.js';
import { PlanCache } from '../engine/plan/PlanCache.js';
import type { Planner, PlanRequest } from '../engine/plan/Planner.js';
import { readWarmupFile } from '../engine/plan/warmupFile.js';
import { createHandle } from '../request/handle.js';
import { readSupergraphInWorker } from '../supergraph/read/readSupergraphInWorker.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { createClients } from '../upstream/createClients.js';
import type { TrafficOptions } from '../upstream/createClients.js';
import { createPoolRegistry } from '../upstream/http/pools.js';
import { Lifetime } from '../base/kit/Lifetime.js';
import { notices } from '../base/telemetry/channels.js';
import type { BuildGeneration, Generation } from './generation.js';

export interface EngineOptions {
  readonly limits: OperationLimits;
  /** Whether identical queries in flight share one execution, and identical subgraph calls one call. */
  readonly dedupe: boolean;
  readonly entityBatching: EntityBatching;
  /** Whether clients may ask for the plan of their operation. */
  readonly exposePlans: boolean;
  /** Override labels that are on. */
  readonly overrideLabels: readonly string[];
  /** Traffic of all subgraphs. */
  readonly traffic: Partial<TrafficOptions>;
  /** Where a former process kept its hottest operations; absent for none. */
  readonly warmupFile: string | undefined;
}

/** Operations planned before a generation serves. */
const WARM_OPERATIONS = 100;
/** A new supergraph is not held back longer than this by its warm-up. */
const WARM_MS = 10_000;
const MAX_PREPARED = 1000;
/** A plan in memory is about this many times its text (objects, strings of their own). */
const PLAN_OVERHEAD = 6;
const MASKED = { mask: true, allowExtensions: new Set(['code']) };

/** How the generations of one gateway are built. Sockets outlive generations: all of them use one registry of pools. */
export function createGenerationBuilder(options: EngineOptions): BuildGeneration {
  const pools = createPoolRegistry();
  return async (sdl, previous) => {
    const supergraph = await readSupergraphInWorker(sdl);
    const pool = createApolloPlanner({ supergraphSdl: sdl });
    try {
      await pool.warm();
      const cache = new PlanCache<Plan>({
        make: (request, lifetime) => pool.plan(request, lifetime),
        sizeOf: (_plan, { text }) => text.length * PLAN_OVERHEAD,
      });
      const planner = cachedPlanner(cache, pool);
      await warm(planner, previous === undefined ? await keptOperations(options) : previous.hottest());
      return assemble(supergraph, planner, cache, options, pools);
    } catch (error) {
      await pool.close();
      throw error;
    }
  };
}

function assemble(
  supergraph: Supergraph,
  planner: Planner,
  cache: PlanCache<Plan>,
  options: EngineOptions,
  pools: ReturnType<typeof createPoolRegistry>,
): Generation {
  const clients = createClients(supergraph.subgraphs.values(), {
    all: { dedupe: options.dedupe, ...options.traffic },
    pools,
  });
  const handle = createHandle({
    supergraph,
    planner,
    clients,
    limits: options.limits,
    exposureOf: () => MASKED,
    batchingOf: () => options.entityBatching,
    overrideLabels: new Set(options.overrideLabels),
    dedupe: options.dedupe,
    exposePlans: options.exposePlans,
    maxPrepared: MAX_PREPARED,
  });
  return {
    supergraph,
    handle,
    hottest: () => cache.hottest(WARM_OPERATIONS),
    async close() {
      await Promise.all([planner.close(), ...[...clients.values()].map((client) => client.close())]);
    },
  };
}

function cachedPlanner(cache: PlanCache<Plan>, pool: Planner): Planner {
  return {
    plan: (request, lifetime) =>
      cache.get({ document: request.text, variant: request.labels.join('\n') }, request, lifetime),
    close: () => pool.close(),
  };
}

/** Plans what is likely to be asked. An operation that does not fit the new supergraph fails here instead of later, and nobody notices. */
async function warm(planner: Planner, requests: readonly PlanRequest[]): Promise<void> {
  if (requests.length === 0) return;
  const lifetime = new Lifetime(WARM_MS);
  await Promise.allSettled(requests.slice(0, WARM_OPERATIONS).map((request) => planner.plan(request, lifetime)));
  lifetime.close();
}

async function keptOperations({ warmupFile }: EngineOptions): Promise<readonly PlanRequest[]> {
  if (warmupFile === undefined) return [];
  return readWarmupFile(warmupFile, (message) => notices.publish({ level: 'warn', message }));
}
