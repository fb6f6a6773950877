import { PorticoError } from '../base/errors/PorticoError.js';
import type { FallbackTrigger } from '../base/errors/fallbackTrigger.js';
import type { Clock } from '../base/kit/Clock.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { createClients } from '../upstream/createClients.js';
import { basePathOf, createConnectors, DEFAULT_CONNECTORS_CONFIG } from '../upstream/createConnectors.js';
import type { ConnectorsConfig, ConnectorsOptions } from '../upstream/createConnectors.js';
import { createRestSubgraphs } from '../upstream/createRestSubgraphs.js';
import type { BuiltRestSubgraph } from '../upstream/createRestSubgraphs.js';
import type { ConnectorHeaders } from './connectorHeaders.js';
import type { EndpointTarget } from '../upstream/balance/Endpoint.js';
import type { ClientsOptions } from '../upstream/createClients.js';
import type { SubgraphTarget } from '../upstream/createSender.js';
import { restFailure, withFallbackEndpoint } from '../upstream/fallback/withFallbackEndpoint.js';
import { coordinateReader } from './coordinateReader.js';
import type { PoolRegistry } from '../upstream/http/pools.js';
import type { TrafficRegistry } from '../upstream/resilience/TrafficRegistry.js';
import type { SubgraphClient } from '../upstream/SubgraphClient.js';
import type { FallbackConfig } from './readFallbacks.js';
import type { TrafficSettings } from '../upstream/TrafficOptions.js';
import type { ClientRequest, SubgraphHooks, SubgraphRequest } from './hooks/SubgraphHooks.js';
import { withHooks } from './hooks/withHooks.js';

export interface ConnectOptions {
  /** Whether identical calls in flight share one. */
  readonly dedupe: boolean;
  /** Of all subgraphs. */
  readonly traffic: TrafficSettings;
  /** What differs for one subgraph, by name. */
  readonly bySubgraph?:
    | ReadonlyMap<
        string,
        {
          readonly url?: string | undefined;
          readonly endpoints?: readonly EndpointTarget[] | undefined;
          readonly traffic?: TrafficSettings | undefined;
        }
      >
    | undefined;
  readonly hooks?: SubgraphHooks | undefined;
  readonly sender?: ClientsOptions['sender'] | undefined;
  readonly clock?: Clock | undefined;
  readonly connectors?: ConnectorsConfig | undefined;
  /** See GenerationOptions. */
  readonly restMocks?: ReadonlyMap<string, string> | undefined;
  /** See ConnectorHeaders. */
  readonly readOnlyHeaders?: ConnectorHeaders['readOnly'] | undefined;
  /** Subgraphs that are answered in this process, by name. */
  readonly restSubgraphs?: ReadonlyMap<string, BuiltRestSubgraph> | undefined;
  /** How answers of REST sources are checked, by `subgraph.source`. */
  readonly responseChecks?: ConnectorsOptions['responseChecks'];
  /** Other endpoints that stand in. */
  readonly fallback?: FallbackConfig | undefined;
}

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
  const createRest = restCreator(createWith, fallback);
  const config = options.connectors ?? DEFAULT_CONNECTORS_CONFIG;
  const placeOf = (name: string) => bySubgraph?.get(name) ?? {};
  try {
    const all = [...(connectors?.values() ?? [])];
    for (const [name, url] of options.restMocks ?? []) {
      const graphs = all.flatMap((each) => (each.subgraph === name ? each.graph : []));
      if (graphs.length === 0) continue;
      const client = createWith([{ name, url }]).get(name)!;
      for (const graph of graphs) clients.set(graph, client);
    }
    const called = all.filter(({ subgraph }) => options.restMocks?.has(subgraph) !== true);
    if (called.length > 0) {
      const ofConnectors = createConnectors(called, {
        config,
        types: {
          fieldTypes: supergraph.fieldTypes ?? new Map(),
          possibleTypes: possibleTypes ?? new Map(),
          inputDefaults: supergraph.inputDefaults ?? new Map(),
        },
        placeOf,
        createClient: createRest,
        responseChecks: options.responseChecks,
        readOnlyHeaders: options.readOnlyHeaders ?? (() => new Set()),
      });
      for (const [graph, client] of ofConnectors) clients.set(graph, client);
    }
    const inCode = [...restSubgraphs].filter(([name]) => supergraph.subgraphs.has(name));
    const { responseChecks } = options;
    for (const [name, client] of createRestSubgraphs(inCode, {
      config,
      placeOf,
      createClient: createRest,
      responseChecks,
    })) {
      clients.set(name, client);
    }
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

type CreateClients = (targets: Iterable<SubgraphTarget>) => Map<string, SubgraphClient>;

/** Makes clients of REST sources, with the endpoint around them that stands in for the subgraph. */
function restCreator(
  createWith: CreateClients,
  fallback: FallbackConfig | undefined,
): ConnectorsOptions['createClient'] {
  const standingIn = new Set<string>();
  return (target, basePath) => {
    const { name } = target;
    const { url, on = [] } =
      (fallback !== undefined && Object.hasOwn(fallback.subgraphs, name) && fallback.subgraphs[name]) || {};
    const problem = url === undefined ? undefined : problemWithStandIn(basePathOf(url), basePath, standingIn.has(name));
    if (problem !== undefined) {
      throw new PorticoError('CONFIG_INVALID', `fallback.subgraphs.${name}.url ${problem}`, {
        details: { subgraph: name },
      });
    }
    const client = createWith([target]).get(name)!;
    if (url === undefined) return client;
    standingIn.add(name);
    const { origin } = new URL(url);
    const other = createWith([{ name, url: origin, protocol: 'rest', isStandIn: true }]).get(name)!;
    return withFallbackEndpoint(client, other, new Set(on as readonly FallbackTrigger[]), restFailure);
  };
}

function problemWithStandIn(path: string, basePath: string, isTaken: boolean): string | undefined {
  if (isTaken) return 'cannot stand in for a REST service with several sources';
  if (path === basePath) return undefined;
  return `must have the path of the REST service that it stands in for, ${basePath === '' ? 'none' : basePath}`;
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
