import type { Clock } from '../base/kit/Clock.js';

import type { HeaderPairs, SubgraphClient } from './SubgraphClient.js';
import { createBalancer } from './balance/createBalancer.js';
import type { BalanceOptions } from './balance/createBalancer.js';
import type { EndpointTarget } from './balance/Endpoint.js';
import type { HealthRegistry } from './balance/HealthRegistry.js';
import { graphqlProbe } from './balance/probes.js';
import type { Probe } from './balance/Prober.js';
import type { HealthSettings } from './balance/SubgraphHealth.js';
import { readUrl } from './http/exchangeClient.js';
import type { HttpClientOptions, HttpClientTarget } from './http/exchangeClient.js';
import { createHttpClient } from './http/httpClient.js';
import type { PoolRegistry } from './http/pools.js';
import { probePath } from './http/probePath.js';
import { createRestEndpoint } from './http/restEndpoint.js';
import { withReadBody } from './rest/withReadBody.js';

/** How calls to one subgraph are sent. */
export interface SenderOptions extends HttpClientOptions, HealthSettings {
  /** How calls are spread where the subgraph has several endpoints. */
  readonly balance: BalanceOptions;
  /** Total time of one call; an endpoint that had less than half of it is not blamed for a deadline. Milliseconds. */
  readonly timeoutMs: number;
}

/** A subgraph and where it is. */
export interface SubgraphTarget {
  readonly name: string;
  /** Where it is, without `endpoints`. */
  readonly url: string;
  /** Instead of `url`: several places, calls are balanced over them. */
  readonly endpoints?: readonly EndpointTarget[] | undefined;
  /** Default `graphql`. A REST source gets calls that say what to send (`SubgraphCall.rest`). */
  readonly protocol?: 'graphql' | 'rest' | undefined;
  /** Whether it stands in for the subgraph of that name: its breaker is told apart by its place. Default false. */
  readonly isStandIn?: boolean | undefined;
}

interface Surroundings {
  readonly pools: PoolRegistry;
  readonly health: HealthRegistry;
  readonly clock?: Clock | undefined;
  readonly probeHeaders?: ((subgraph: string) => HeaderPairs) | undefined;
  readonly wrapEndpoint?: ((client: SubgraphClient, endpointUrl: string) => SubgraphClient) | undefined;
}

/** What sends: one client, or several with balancing before them. A single endpoint is watched only where probes are asked for. */
export function createSender(target: SubgraphTarget, traffic: SenderOptions, around: Surroundings): SubgraphClient {
  const { name, endpoints = [{ url: target.url }] } = target;
  const { pools, clock, wrapEndpoint } = around;
  const isOne = endpoints.length === 1;
  const isRest = target.protocol === 'rest';
  const createEndpoint = (each: HttpClientTarget): SubgraphClient =>
    isRest ? withReadBody(createRestEndpoint(each)) : createHttpClient(each);
  if (isOne && traffic.healthCheck === undefined) {
    return createEndpoint({ name, url: endpoints[0]!.url, options: traffic, pools, clock });
  }
  const clients = endpoints.map(({ url }) => {
    const client = createEndpoint({ name, url, options: traffic, pools, clock });
    return isOne || wrapEndpoint === undefined ? client : wrapEndpoint(client, url);
  });
  const probes = createProbes(target, endpoints, traffic, around);
  const { healthCheck, outlierDetection } = traffic;
  const isWatched = healthCheck !== undefined || outlierDetection !== undefined;
  const balancer = createBalancer({
    name,
    endpoints: endpoints.map((endpoint, at) => ({ ...endpoint, client: clients[at]! })),
    balance: traffic.balance,
    fairMs: traffic.timeoutMs / 2,
    health: isWatched
      ? around.health.acquire(name, endpoints, { healthCheck, outlierDetection }, probes.list)
      : undefined,
  });
  return {
    name,
    execute: (call) => balancer.execute(call),
    close: async () => {
      await Promise.all([balancer.close(), probes.close()]);
    },
  };
}

/** Probes have sockets of their own: when all others are taken by calls that hang, a probe must not wait behind them. */
function createProbes(
  { name, protocol }: SubgraphTarget,
  endpoints: readonly EndpointTarget[],
  traffic: SenderOptions,
  { pools, clock, probeHeaders }: Surroundings,
): { readonly list: readonly Probe[]; close(): Promise<void> } {
  const { healthCheck } = traffic;
  // A REST source has no question that every one answers: it is watched where a path is said.
  const isWatchable = protocol !== 'rest' || healthCheck?.path !== undefined;
  if (healthCheck === undefined || !isWatchable) return { list: [], close: () => Promise.resolve() };
  const headers = probeHeaders?.(name) ?? [];
  const options = { ...traffic, connections: 1 };
  const closing: Array<() => Promise<void>> = [];
  const list = endpoints.map(({ url }): Probe => {
    const { path } = healthCheck;
    if (path === undefined) {
      const client = createHttpClient({ name, url, options, pools, clock });
      closing.push(() => client.close());
      return graphqlProbe(client, headers);
    }
    const { origin } = readUrl(name, url);
    const lease = pools.acquire(name, origin, options);
    closing.push(() => lease.release());
    return (lifetime) => probePath({ subgraph: name, origin, path, headers, pool: lease.pool }, lifetime);
  });
  return { list, close: async () => void (await Promise.all(closing.map((close) => close()))) };
}
