import type { FallbackTrigger } from '../base/errors/fallbackTrigger.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { createClients } from '../upstream/createClients.js';
import type { BuiltRestSubgraph } from '../upstream/createRestSubgraphs.js';
import { connectRest } from './connectRest.js';
import type { CreateClients } from './connectRest.js';
import type { ConnectOptions } from './ConnectOptions.js';
import type { ClientsOptions } from '../upstream/createClients.js';
import type { SubgraphTarget } from '../upstream/createSender.js';
import { withFallbackEndpoint } from '../upstream/fallback/withFallbackEndpoint.js';
import { coordinateReader } from './coordinateReader.js';
import type { PoolRegistry } from '../upstream/http/pools.js';
import type { TrafficRegistry } from '../upstream/resilience/TrafficRegistry.js';
import type { SubgraphClient } from '../upstream/SubgraphClient.js';
import type { FallbackConfig } from './readFallbacks.js';
import type { ClientRequest, SubgraphHooks, SubgraphRequest } from './hooks/SubgraphHooks.js';
import { withHooks } from './hooks/withHooks.js';

/**
 * The clients of a supergraph's subgraphs, with the hooks around them.
 *
 * @param watched who watches endpoints and counts calls; undefined: nobody, for clients of a moment
 *
 * Errors: CONFIG_INVALID for a URL that cannot be used, a stand-in that is of no use, or a `decorate` that gives no client; what was opened
 * before is closed then.
 */
export function connectSubgraphs(
  supergraph: Pick<Supergraph, 'subgraphs'> & Partial<Supergraph>,
  options: ConnectOptions,
  pools: PoolRegistry,
  registry: TrafficRegistry,
  watched: Pick<ClientsOptions, 'health' | 'probeHeaders' | 'rateMeters'> | undefined,
  purpose: SubgraphRequest['purpose'] = 'operation',
): Map<string, SubgraphClient> {
  const { dedupe, traffic, bySubgraph, hooks = {}, sender, clock, fallback } = options;
  const { apiSchema, possibleTypes, connectors } = supergraph;
  const { restSubgraphs = new Map<string, BuiltRestSubgraph>() } = options;
  const plain = [...supergraph.subgraphs.values()].filter(
    ({ name }) => connectors?.has(name) !== true && !restSubgraphs.has(name),
  );
  const targets = plain.map(({ name, url }) => ({
    name,
    url: bySubgraph?.get(name)?.url ?? url,
    endpoints: bySubgraph?.get(name)?.endpoints,
  }));
  // What a hook does with an answer may depend on who asked.
  const isShared = hooks.didReceiveResponse === undefined || hooks.sharingKey !== undefined;
  const forced = {
    ...(!isShared && { dedupe: false }),
    ...(watched === undefined && { healthCheck: undefined, outlierDetection: undefined }),
  };
  const createWith = (some: Iterable<SubgraphTarget>) =>
    createClients(some, {
      all: { dedupe, ...traffic, ...forced },
      bySubgraph: new Map([...(bySubgraph ?? [])].map(([name, own]) => [name, { ...own.traffic, ...forced }])),
      pools,
      traffic: registry,
      ...(apiSchema !== undefined && { coordinatesOf: coordinateReader(apiSchema, possibleTypes) }),
      ...watched,
      ...(sender !== undefined && { sender }),
      ...(clock !== undefined && { clock }),
    });
  const clients = createWith(targets);
  try {
    for (const [name, client] of connectRest(supergraph, options, createWith)) clients.set(name, client);
    for (const [name, other] of standIns(createWith, fallback, targets)) {
      clients.set(name, withFallbackEndpoint(clients.get(name)!, other.client, other.on));
    }
    for (const [name, client] of clients) clients.set(name, withHooks(client, hooks, purpose));
    return clients;
  } catch (error) {
    for (const client of clients.values()) void client.close();
    throw error;
  }
}

/** What hooks read of a request, for the key of a shared execution; see SubgraphHooks. */
export function hookKeyOf(hooks: SubgraphHooks): ((origin: unknown) => string | undefined) | undefined {
  const { sharingKey, willSendRequest, didReceiveResponse, decorate } = hooks;
  if (willSendRequest === undefined && didReceiveResponse === undefined && decorate === undefined) return undefined;
  return sharingKey === undefined ? () => undefined : (origin) => sharingKey(origin as ClientRequest);
}

/** Clients of the endpoints that stand in for subgraphs' own. */
function standIns(
  createWith: CreateClients,
  fallback: FallbackConfig | undefined,
  targets: readonly SubgraphTarget[],
): ReadonlyArray<
  readonly [name: string, { readonly client: SubgraphClient; readonly on: ReadonlySet<FallbackTrigger> }]
> {
  return Object.entries(fallback?.subgraphs ?? {}).flatMap(([name, { url, on }]) => {
    if (url === undefined || targets.every((target) => target.name !== name)) return [];
    const client = createWith([{ name, url, isStandIn: true }]).get(name)!;
    return [[name, { client, on: new Set(on as readonly FallbackTrigger[]) }] as const];
  });
}
