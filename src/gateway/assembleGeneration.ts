import type { FallbackSetting } from '../engine/execute/fallback/FallbackCompiler.js';
import type { Planner, PlanRequest } from '../engine/plan/Planner.js';
import type { BuiltAuthorizer } from '../request/authorization/createAuthorizer.js';
import { compileAnswerHeaders } from '../request/headers/compileAnswerHeaders.js';
import { compileHeaders } from '../request/headers/compileHeaders.js';
import type { HeaderSource } from '../request/headers/compileHeaders.js';
import { createHandle } from '../request/handle.js';
import { anonymous } from '../request/Identity.js';
import { LimitStores } from '../request/ratelimit/LimitStores.js';
import { compileRouting } from '../request/routing/compileRouting.js';
import type { SubgraphRouting } from '../request/routing/RoutingRule.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { ClientsOptions } from '../upstream/createClients.js';
import type { HealthRegistry } from '../upstream/balance/HealthRegistry.js';
import type { PoolRegistry } from '../upstream/http/pools.js';
import type { TrafficRegistry } from '../upstream/resilience/TrafficRegistry.js';
import type { ConnectRestOptions } from './ConnectOptions.js';
import { connectorHeaders } from './connectorHeaders.js';
import { connectSubgraphs, hookKeyOf } from './connectSubgraphs.js';
import { createCharger } from './createCharger.js';
import { createDemandControl } from './createDemandControl.js';
import type { GenerationOptions, SubgraphOptions } from './GenerationOptions.js';
import type { Generation } from './generation.js';

const MAX_PREPARED = 1000;
const MASKED = { mask: true, allowExtensions: new Set(['code']) };
/** Whose headers a probe carries: no client's, so that only those are left which the rules insert. */
const NOBODY: HeaderSource = { header: () => undefined, headerNames: () => [], correlation: [], identity: anonymous };

/** What was made for a generation: of its supergraph, or with other generations of its gateway in common. */
export interface AssemblyParts extends Pick<ConnectRestOptions, 'restSubgraphs' | 'responseChecks'> {
  readonly supergraph: Supergraph;
  readonly planner: Planner;
  /** See Generation. */
  readonly hottest: () => readonly PlanRequest[];
  readonly access: BuiltAuthorizer;
  /** Undefined for none. */
  readonly fallbacks: FallbackSetting | undefined;
  readonly pools: PoolRegistry;
  readonly health: HealthRegistry;
  readonly registry: TrafficRegistry;
}

/** Puts a generation together. Errors: as `connectSubgraphs` and `createCharger`; what is opened here is closed then, and the parts are not. */
export function assembleGeneration(options: GenerationOptions, parts: AssemblyParts): Generation {
  const { bySubgraph = new Map<string, SubgraphOptions>(), errors = MASKED, hooks = {} } = options;
  const { supergraph, planner, access, pools, health, registry, restSubgraphs, responseChecks } = parts;
  const { rules, readOnly: readOnlyHeaders } = connectorHeaders(supergraph.connectors.values(), options.headers);
  const forwardHeaders = rules && compileHeaders(rules);
  const ownHeaders = forwardHeaders?.(NOBODY);
  const limitStores = options.limitStores ?? new LimitStores(options.clock);
  const { charger, rateMeters, release } = createCharger(supergraph, options.rateLimit, limitStores);
  const probeHeaders: ClientsOptions['probeHeaders'] = (subgraph) => ownHeaders?.headersFor(subgraph) ?? [];
  const connecting = { ...options, readOnlyHeaders, restSubgraphs, responseChecks };
  let clients: ReturnType<typeof connectSubgraphs> | undefined;
  try {
    clients = connectSubgraphs(supergraph, connecting, pools, registry, { health, probeHeaders, rateMeters });
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
      fallbacks: parts.fallbacks,
      hookKeyOf: hookKeyOf(hooks),
      exposePlans: options.exposePlans,
      maxPrepared: MAX_PREPARED,
    });
    const open = [planner, access, ...clients.values()];
    return {
      supergraph,
      handle,
      traffic: registry,
      hottest: parts.hottest,
      async close() {
        release();
        await Promise.all(open.map((each) => each.close()));
      },
    };
  } catch (error) {
    release();
    for (const client of clients?.values() ?? []) void client.close();
    throw error;
  }
}

function routingsOf(bySubgraph: ReadonlyMap<string, SubgraphOptions>): Map<string, SubgraphRouting> {
  const routings = new Map<string, SubgraphRouting>();
  for (const [name, { routing }] of bySubgraph) if (routing !== undefined) routings.set(name, routing);
  return routings;
}
