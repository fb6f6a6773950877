import { PorticoError } from '../base/errors/PorticoError.js';
import type { FallbackTrigger } from '../base/errors/fallbackTrigger.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { basePathOf, createConnectors, DEFAULT_CONNECTORS_CONFIG } from '../upstream/createConnectors.js';
import type { ConnectorsOptions } from '../upstream/createConnectors.js';
import { createRestSubgraphs } from '../upstream/createRestSubgraphs.js';
import type { SubgraphTarget } from '../upstream/createSender.js';
import { restFailure, withFallbackEndpoint } from '../upstream/fallback/withFallbackEndpoint.js';
import type { SubgraphClient } from '../upstream/SubgraphClient.js';
import type { ConnectRestOptions } from './ConnectOptions.js';
import type { FallbackConfig } from './readFallbacks.js';

/** Makes decorated clients. */
export type CreateClients = (targets: Iterable<SubgraphTarget>) => Map<string, SubgraphClient>;

/**
 * The clients of REST services, by what plans call them: one for each connector, and one for each subgraph in code.
 *
 * Errors: CONFIG_INVALID for a URL that cannot be used, or a stand-in that is of no use; nothing is left open then.
 */
export function connectRest(
  {
    subgraphs,
    connectors,
    fieldTypes,
    possibleTypes,
    inputDefaults,
  }: Pick<Supergraph, 'subgraphs'> & Partial<Supergraph>,
  options: ConnectRestOptions,
  createWith: CreateClients,
): ReadonlyMap<string, SubgraphClient> {
  const { bySubgraph, restSubgraphs, restMocks = new Map<string, string>(), fallback } = options;
  const made: SubgraphClient[] = [];
  const common = {
    config: options.connectors ?? DEFAULT_CONNECTORS_CONFIG,
    placeOf: (subgraph: string) => bySubgraph?.get(subgraph) ?? {},
    createClient: restCreator(createWith, fallback, made),
    responseChecks: options.responseChecks,
  };
  try {
    const all = [...(connectors?.values() ?? [])];
    const ofMocks = new Map<string, SubgraphClient>();
    for (const [name, url] of restMocks) {
      const graphs = all.flatMap(({ subgraph, graph }) => (subgraph === name ? graph : []));
      if (graphs.length === 0) continue;
      const client = createWith([{ name, url }]).get(name)!;
      made.push(client);
      for (const graph of graphs) ofMocks.set(graph, client);
    }
    const called = all.filter(({ subgraph }) => !restMocks.has(subgraph));
    const ofConnectors = createConnectors(called, {
      ...common,
      types: {
        fieldTypes: fieldTypes ?? new Map(),
        possibleTypes: possibleTypes ?? new Map(),
        inputDefaults: inputDefaults ?? new Map(),
      },
      readOnlyHeaders: options.readOnlyHeaders ?? (() => new Set()),
    });
    const inCode = [...(restSubgraphs ?? [])].filter(([name]) => subgraphs.has(name));
    return new Map([...ofMocks, ...ofConnectors, ...createRestSubgraphs(inCode, common)]);
  } catch (error) {
    for (const client of made) void client.close();
    throw error;
  }
}

/** Makes clients of REST sources, with the endpoint around them that stands in for the subgraph. @param made gets each client */
function restCreator(
  createWith: CreateClients,
  fallback: FallbackConfig | undefined,
  made: SubgraphClient[],
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
    const create = (each: SubgraphTarget): SubgraphClient => {
      const client = createWith([each]).get(name)!;
      made.push(client);
      return client;
    };
    const client = create(target);
    if (url === undefined) return client;
    standingIn.add(name);
    const other = create({ name, url: new URL(url).origin, protocol: 'rest', isStandIn: true });
    return withFallbackEndpoint(client, other, new Set(on as readonly FallbackTrigger[]), restFailure);
  };
}

function problemWithStandIn(path: string, basePath: string, isTaken: boolean): string | undefined {
  if (isTaken) return 'cannot stand in for a REST service with several sources';
  if (path === basePath) return undefined;
  return `must have the path of the REST service that it stands in for, ${basePath === '' ? 'none' : basePath}`;
}
