import type { Clock } from '../base/kit/Clock.js';

import type { HeaderPairs, SubgraphClient } from './SubgraphClient.js';
import { createHealthRegistry } from './balance/HealthRegistry.js';
import type { HealthRegistry } from './balance/HealthRegistry.js';
import { createSender } from './createSender.js';
import type { SenderOptions, SubgraphTarget } from './createSender.js';
import { DEFAULT_HTTP_CLIENT_OPTIONS } from './http/httpClient.js';
import { createPoolRegistry } from './http/pools.js';
import type { PoolRegistry } from './http/pools.js';
import { withDeadline } from './resilience/withDeadline.js';
import type { DeadlineOptions } from './resilience/withDeadline.js';
import { withDedupe } from './resilience/withDedupe.js';

/** How traffic to one subgraph is handled. */
export interface TrafficOptions extends SenderOptions, DeadlineOptions {
  /** Whether identical queries in flight share one call. Default true. */
  readonly dedupe: boolean;
}

export const DEFAULT_TRAFFIC_OPTIONS: TrafficOptions = {
  ...DEFAULT_HTTP_CLIENT_OPTIONS,
  timeoutMs: 3000,
  dedupe: true,
  balance: { algorithm: 'round_robin', panicThreshold: 25 },
};

export interface ClientsOptions {
  /** For every subgraph. */
  readonly all?: Partial<TrafficOptions>;
  /** By subgraph name, on top of `all`. */
  readonly bySubgraph?: ReadonlyMap<string, Partial<TrafficOptions>>;
  /** Whose sockets to use: a process has one registry for all its generations. Default: a new one. */
  readonly pools?: PoolRegistry;
  /** Who knows which endpoints are well: a process has one registry for all its generations. Default: a new one. */
  readonly health?: HealthRegistry | undefined;
  /** What probes of a subgraph's health carry. Default: nothing. */
  readonly probeHeaders?: ((subgraph: string) => HeaderPairs) | undefined;
  /** Of back-offs, breakers and windows. Default: the machine's. */
  readonly clock?: Clock;
  /** Something else than HTTP for a subgraph (a mock, a REST connector); `undefined` means HTTP. Gets the same decorators. */
  readonly sender?: (target: SubgraphTarget, options: TrafficOptions) => SubgraphClient | undefined;
  /** What stands around each endpoint of a subgraph that has several: a breaker of its own. */
  readonly wrapEndpoint?:
    | ((client: SubgraphClient, endpointUrl: string, traffic: TrafficOptions) => SubgraphClient)
    | undefined;
}

/**
 * One client per subgraph, by name, with everything around it that its options ask for.
 *
 * Errors: CONFIG_INVALID for a URL or TLS files that cannot be used; what was opened before is closed then.
 */
export function createClients(
  subgraphs: Iterable<SubgraphTarget>,
  options: ClientsOptions = {},
): Map<string, SubgraphClient> {
  const { clock, wrapEndpoint, pools = createPoolRegistry(), health = createHealthRegistry(clock) } = options;
  const clients = new Map<string, SubgraphClient>();
  try {
    for (const target of subgraphs) {
      const traffic = { ...DEFAULT_TRAFFIC_OPTIONS, ...options.all, ...options.bySubgraph?.get(target.name) };
      const sender =
        options.sender?.(target, traffic) ??
        createSender(target, traffic, {
          pools,
          health,
          clock,
          probeHeaders: options.probeHeaders,
          wrapEndpoint: wrapEndpoint && ((client, url) => wrapEndpoint(client, url, traffic)),
        });
      clients.set(target.name, decorate(sender, traffic));
    }
  } catch (error) {
    for (const client of clients.values()) void client.close();
    throw error;
  }
  return clients;
}

/** The decorators, from the inside out. A call passes them from the bottom of this list to the top. */
function decorate(sender: SubgraphClient, traffic: TrafficOptions): SubgraphClient {
  let client = sender;
  // Around everything that may wait (later: breaker, bulkhead queue, retries): one total per call, whatever happens inside.
  client = withDeadline(client, traffic);
  // Outermost: followers cost no time, no slot and no attempt below; each waiter keeps its own lifetime, the flight has the deadline.
  if (traffic.dedupe) client = withDedupe(client);
  return client;
}
