import { PorticoError } from '../base/errors/PorticoError.js';
import type { Connector } from '../supergraph/model/Connector.js';

import type { SubgraphTarget } from './createSender.js';
import type { EndpointTarget } from './balance/Endpoint.js';
import { compileConnector } from './rest/compileConnector.js';
import type { GraphTypes } from './rest/ProjectionCompiler.js';
import { withCheckedResponses } from './rest/openapi/withCheckedResponses.js';
import type { ResponseChecking } from './rest/openapi/withCheckedResponses.js';
import { RequestScopes } from './rest/RequestScope.js';
import type { HeaderPairs, SubgraphClient } from './SubgraphClient.js';

/** What the configuration says about connectors. */
export interface ConnectorsConfig {
  readonly maxRequestsPerOperation: number;
  readonly parallel: number;
  /** Names that `$env` may read. */
  readonly environment: readonly string[];
  readonly sources: Readonly<
    Record<
      string,
      {
        readonly overrideUrl?: string | undefined;
        readonly config: Readonly<Record<string, string | number | boolean>>;
        readonly maxRequestsPerOperation?: number | undefined;
        readonly openapi?: { readonly file: string; readonly validateResponses: 'error' | 'warn' } | undefined;
      }
    >
  >;
}

export const DEFAULT_CONNECTORS_CONFIG: ConnectorsConfig = {
  maxRequestsPerOperation: 1000,
  parallel: 20,
  environment: [],
  sources: {},
};

export interface ConnectorsOptions {
  readonly config: ConnectorsConfig;
  readonly types: GraphTypes;
  /** Where the configuration says that a subgraph is. */
  readonly placeOf: (subgraph: string) => {
    readonly url?: string | undefined;
    readonly endpoints?: readonly EndpointTarget[] | undefined;
  };
  /** Makes the client of one source, decorated. @param basePath where its paths begin */
  readonly createClient: (target: SubgraphTarget, basePath: string) => SubgraphClient;
  /** How answers are checked, by `subgraph.source`. Default: not at all. */
  readonly responseChecks?: ReadonlyMap<string, ResponseChecking> | undefined;
  /** Names of headers that are forwarded for connectors to read, and not to be sent under their own name. */
  readonly readOnlyHeaders: (subgraph: string) => ReadonlySet<string>;
  /** Of `$env`. Default: that of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * A client for each connector, by what plans call it. Connectors of one source share everything that stands around its calls: sockets,
 * breakers, places, retries.
 *
 * Errors: CONFIG_INVALID for a URL that cannot be used, or two places for one.
 */
export function createConnectors(
  connectors: Iterable<Connector>,
  options: ConnectorsOptions,
): Map<string, SubgraphClient> {
  const { config, types, placeOf, readOnlyHeaders, environment = process.env } = options;
  const scopes = new RequestScopes();
  const senders = new Map<string, SubgraphClient>();
  const clients = new Map<string, SubgraphClient>();
  const all = [...connectors];
  const $env = pick(environment, config.environment);
  for (const connector of all) {
    const { subgraph, graph } = connector;
    const sourceKey = sourceKeyOf(connector);
    const said = Object.hasOwn(config.sources, sourceKey) ? config.sources[sourceKey] : undefined;
    const place = placeOf(subgraph);
    const isOnly = all.every((each) => each.subgraph !== subgraph || sourceKeyOf(each) === sourceKey);
    const moved = said?.overrideUrl ?? (isOnly ? (place.endpoints?.[0]?.url ?? place.url) : undefined);
    const compiled = compileConnector(connector, moved, types);
    const senderKey = `${sourceKey} ${compiled.origin}`;
    let sender = senders.get(senderKey);
    if (sender === undefined) {
      const endpoints = said?.overrideUrl === undefined && isOnly ? place.endpoints : undefined;
      checkPaths(subgraph, endpoints);
      const target = { name: subgraph, url: compiled.origin, endpoints, protocol: 'rest' } as const;
      const basePath = basePathOf(moved ?? connector.restSource?.baseUrl);
      sender = createSource(target, basePath, sourceKey, options);
      senders.set(senderKey, sender);
    }
    const readOnly = readOnlyHeaders(subgraph);
    const client = compiled.connect({
      sender,
      constants: { $config: said?.config ?? {}, $env },
      forwarded: (headers: HeaderPairs) =>
        readOnly.size === 0 ? headers : headers.filter(([name]) => !readOnly.has(name)),
      sourceKey,
      maxRequests: said?.maxRequestsPerOperation ?? config.maxRequestsPerOperation,
      parallel: config.parallel,
      scopes,
    });
    clients.set(graph, withSource(client, sender));
  }
  return clients;
}

/** `inventory.api`; `inventory` for connectors without a source. */
export function sourceKeyOf({ subgraph, source }: Pick<Connector, 'subgraph' | 'source'>): string {
  return source === undefined ? subgraph : `${subgraph}.${source}`;
}

/** Closing one connector closes the source's client: they are closed together. */
function withSource(client: SubgraphClient, sender: SubgraphClient): SubgraphClient {
  return { name: client.name, execute: (call) => client.execute(call), close: () => sender.close() };
}

/** The client of one source: decorated, and its answers checked where that is wanted. @param key `subgraph.source` */
export function createSource(
  target: SubgraphTarget,
  basePath: string,
  key: string,
  { createClient, responseChecks }: Pick<ConnectorsOptions, 'createClient' | 'responseChecks'>,
): SubgraphClient {
  const client = createClient(target, basePath);
  const checking = responseChecks?.get(key);
  return checking === undefined ? client : withCheckedResponses(client, checking, basePath);
}

/** The path of a base URL, without a slash at the end. */
export function basePathOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname.replace(/\/+$/, '') : '';
}

/** A request has one path, wherever it goes. */
export function checkPaths(subgraph: string, endpoints: readonly EndpointTarget[] | undefined): void {
  const paths = new Set((endpoints ?? []).map(({ url }) => new URL(url).pathname));
  if (paths.size <= 1) return;
  throw new PorticoError('CONFIG_INVALID', `the endpoints of ${subgraph}, a REST service, must have the same path`, {
    details: { subgraph },
  });
}

function pick(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
