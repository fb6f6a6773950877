import type { EngineConfig } from '../base/config/loadOptions.js';
import type { SubgraphRouting } from '../request/routing/RoutingRule.js';
import type { TrafficOptions } from '../upstream/TrafficOptions.js';
import type { EndpointTarget } from '../upstream/balance/Endpoint.js';
import type { ClientTlsOptions } from '../upstream/http/ClientTls.js';

type Traffic = EngineConfig['trafficShaping']['subgraphs'][string];
type Balancing = NonNullable<Traffic['loadBalancing']>;
type SubgraphSettings = EngineConfig['subgraphs'][string];

/** The part of a subgraph's traffic that concerns its endpoints: what is said of it goes, setting by setting, before what is said of all. */
export function balanceOptions(all: Traffic, own: Traffic = {}): Partial<TrafficOptions> {
  const { loadBalancing, healthCheck, outlierDetection } = all;
  const balancing = { ...loadBalancing, ...own.loadBalancing };
  const probes = merged(healthCheck, own.healthCheck);
  const outliers = merged(outlierDetection, own.outlierDetection);
  return {
    balance: {
      algorithm: balancing.algorithm ?? 'round_robin',
      panicThreshold: balancing.panicThreshold ?? 25,
    },
    ...(probes !== undefined && {
      healthCheck: {
        intervalMs: probes.interval ?? 10_000,
        timeoutMs: probes.timeout ?? 2000,
        healthyThreshold: probes.healthyThreshold ?? 2,
        unhealthyThreshold: probes.unhealthyThreshold ?? 3,
        path: probes.path,
      },
    }),
    ...(outliers !== undefined && {
      outlierDetection: {
        consecutiveErrors: outliers.consecutiveErrors ?? 5,
        errorThreshold: outliers.errorThreshold ?? 50,
        volumeThreshold: outliers.volumeThreshold ?? 20,
        intervalMs: outliers.interval ?? 10_000,
        baseEjectionMs: outliers.baseEjectionTime ?? 30_000,
        maxEjectionMs: Math.max(outliers.maxEjectionTime ?? 300_000, outliers.baseEjectionTime ?? 30_000),
        maxEjectionPercent: outliers.maxEjectionPercent ?? 50,
      },
    }),
  };
}

/** The places of a subgraph that has several. */
export function endpointsOf({ urls }: SubgraphSettings): readonly EndpointTarget[] | undefined {
  return urls?.map(({ url, weight, group }) => ({ url, weight, group }));
}

/** Which of its requests go where. */
export function routingOf(
  { urls, routing = [] }: SubgraphSettings,
  all: Balancing = {},
  own: Balancing = {},
): SubgraphRouting | undefined {
  if (urls === undefined) return undefined;
  const { algorithm, hashOn, sticky } = { ...all, ...own };
  const header = sticky?.header ?? (algorithm === 'hash' ? hashOn?.header : undefined);
  const cookie = sticky?.cookie;
  const affinity =
    cookie !== undefined
      ? ({ kind: 'cookie', name: cookie } as const)
      : header !== undefined
        ? ({ kind: 'header', name: header } as const)
        : algorithm === 'hash'
          ? ({ kind: 'ip' } as const)
          : undefined;
  return { rules: routing, affinity };
}

/** TLS to one subgraph; undefined where nothing is said. */
export function tlsOf({ client }: EngineConfig['tls'], name: string): ClientTlsOptions | undefined {
  const own = Object.hasOwn(client.subgraphs, name) ? client.subgraphs[name]! : {};
  const said = { ...client.all, ...own };
  if (Object.values(said).every((value) => value === undefined)) return undefined;
  // A certificate and its key belong together: a pair of its own replaces the pair of all.
  return {
    caFile: said.ca,
    certificateFile: said.certificate,
    keyFile: said.key,
    serverName: own.serverName,
    minVersion: said.minVersion && (`TLSv${said.minVersion}` as const),
  };
}

function merged<Section extends { readonly enabled?: boolean | undefined }>(
  all: Section | undefined,
  own: Section | undefined,
): Section | undefined {
  if (all === undefined && own === undefined) return undefined;
  const said = { ...all, ...own } as Section;
  return said.enabled === false ? undefined : said;
}
