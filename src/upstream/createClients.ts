import { systemClock } from '../base/kit/Clock.js';
import type { Clock } from '../base/kit/Clock.js';

import type { HeaderPairs, SubgraphClient } from './SubgraphClient.js';
import { endpointLabel } from './balance/Endpoint.js';
import { createHealthRegistry } from './balance/HealthRegistry.js';
import type { HealthRegistry } from './balance/HealthRegistry.js';
import { withReadBody } from './rest/withReadBody.js';
import { createSender } from './createSender.js';
import type { SubgraphTarget } from './createSender.js';
import { createPoolRegistry } from './http/pools.js';
import type { PoolRegistry } from './http/pools.js';
import { acquireBreakers } from './resilience/acquireBreakers.js';
import type { CoordinatesOf } from './resilience/acquireBreakers.js';
import type { RateMeters } from './resilience/RateMeter.js';
import type { Lease } from './resilience/LeaseTable.js';
import { TrafficRegistry } from './resilience/TrafficRegistry.js';
import { withBreaker, withBreakerCheck, withFieldBreakers } from './resilience/withBreaker.js';
import { withBulkhead } from './resilience/withBulkhead.js';
import { withDeadline } from './resilience/withDeadline.js';
import { withDedupe } from './resilience/withDedupe.js';
import { withRateCeiling } from './resilience/withRateCeiling.js';
import { withRetry } from './resilience/withRetry.js';
import { DEFAULT_TRAFFIC_OPTIONS, withSettings } from './TrafficOptions.js';
import type { TrafficOptions, TrafficSettings } from './TrafficOptions.js';

export interface ClientsOptions {
  /** For every subgraph. */
  readonly all?: TrafficSettings;
  /** By subgraph name, on top of `all`. */
  readonly bySubgraph?: ReadonlyMap<string, TrafficSettings>;
  /** Whose sockets to use: a process has one registry for all its generations. Default: a new one. */
  readonly pools?: PoolRegistry;
  /** Whose breakers, places and retry budgets: as with `pools`. Default: a new one. */
  readonly traffic?: TrafficRegistry;
  /** Who knows which endpoints are well: a process has one registry for all its generations. Default: a new one. */
  readonly health?: HealthRegistry | undefined;
  /** What probes of a subgraph's health carry. Default: nothing. */
  readonly probeHeaders?: ((subgraph: string) => HeaderPairs) | undefined;
  /** Who counts the calls of ceilings. Without it there are none. */
  readonly rateMeters?: RateMeters | undefined;
  /** Of back-offs, breakers and windows. Default: the machine's. */
  readonly clock?: Clock;
  /** Which fields an operation carries; without it there are no breakers of fields. */
  readonly coordinatesOf?: CoordinatesOf;
  /**
   * Something else than HTTP for a subgraph (a mock); `undefined` means HTTP. Gets the same decorators. For a REST source it gives the text of
   * an answer as `data`, which is read here.
   */
  readonly sender?: (target: SubgraphTarget, options: TrafficOptions) => SubgraphClient | undefined;
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
  const tools: Tools = {
    pools: options.pools ?? createPoolRegistry(),
    registry: options.traffic ?? new TrafficRegistry(),
    clock: options.clock ?? systemClock,
    coordinatesOf: options.coordinatesOf,
    rateMeters: options.rateMeters,
  };
  const health = options.health ?? createHealthRegistry(tools.clock);
  const forAll = withSettings(DEFAULT_TRAFFIC_OPTIONS, options.all);
  const clients = new Map<string, SubgraphClient>();
  try {
    for (const target of subgraphs) {
      const traffic = withSettings(forAll, options.bySubgraph?.get(target.name));
      const leases: Array<Lease<unknown>> = [];
      const own = options.sender?.(target, traffic);
      const sender =
        (target.protocol === 'rest' && own !== undefined ? withReadBody(own) : own) ??
        createSender(target, traffic, {
          pools: tools.pools,
          health,
          clock: tools.clock,
          probeHeaders: options.probeHeaders,
          wrapEndpoint: (client, endpoint) => aroundEndpoint(client, endpoint, target, traffic, tools, leases),
        });
      clients.set(target.name, decorate(sender, target, traffic, tools, leases));
    }
  } catch (error) {
    for (const client of clients.values()) void client.close();
    throw error;
  }
  return clients;
}

interface Tools {
  readonly pools: PoolRegistry;
  readonly registry: TrafficRegistry;
  readonly clock: Clock;
  readonly coordinatesOf: CoordinatesOf | undefined;
  readonly rateMeters: RateMeters | undefined;
}

/** Each of several endpoints has a breaker of its own: a call that one refuses goes to another, and the subgraph as a whole has none. */
function aroundEndpoint(
  client: SubgraphClient,
  endpoint: string,
  { name: subgraph }: SubgraphTarget,
  { breaker }: TrafficOptions,
  { registry, clock }: Tools,
  leases: Array<Lease<unknown>>,
): SubgraphClient {
  if (!breaker.enabled) return client;
  const lease = registry.breaker({ subgraph, endpoint: endpointLabel(endpoint) }, endpoint, breaker, clock);
  leases.push(lease);
  return withBreaker(client, lease.value);
}

/** The decorators, from the inside out. A call passes them from the bottom of this list to the top. */
function decorate(
  sender: SubgraphClient,
  { name, url, endpoints = [], isStandIn = false }: SubgraphTarget,
  traffic: TrafficOptions,
  { registry, clock, coordinatesOf, rateMeters }: Tools,
  endpointLeases: ReadonlyArray<Lease<unknown>>,
): SubgraphClient {
  const { retry, concurrency, rateCeiling } = traffic;
  const isSpread = endpoints.length > 1;
  const scope = { subgraph: name, ...(isStandIn && { endpoint: endpointLabel(url) }) };
  const breakers = acquireBreakers(scope, url, { ...traffic, isSpread }, registry, clock, coordinatesOf);
  const places = registry.bulkhead(name, url, concurrency);
  const budget = registry.budget(name, url, retry.budget, clock);
  let client = sender;
  // Inside retries: an attempt that hangs leaves time for another one.
  if (retry.attemptTimeoutMs !== undefined) client = withDeadline(client, { timeoutMs: retry.attemptTimeoutMs });
  // Around what is sent, retries and probes of breakers too: the subgraph counts them all. Inside breakers, so that what one refuses takes no
  // room; outside the attempt's deadline, so that a slow counter is not taken for a slow subgraph.
  if (rateCeiling !== undefined && rateMeters !== undefined) {
    client = withRateCeiling(client, rateMeters(name, url, rateCeiling));
  }
  // Around single attempts: each one counts, probes are attempts, and an open breaker ends the retrying.
  client = withFieldBreakers(client, breakers.whole, breakers.ofFields);
  // Inside the bulkhead: a call that is tried again keeps its place, and its pauses cost no attempt anything.
  if (retry.maxAttempts > 1) client = withRetry(client, retry, { budget: budget.value, clock, isSpread });
  // Inside the breaker check: a call that cannot be sent does not wait for a place, and waiting never counts against the subgraph.
  client = withBulkhead(client, places.value);
  // Before anything waits: while a breaker is open, calls fail at once.
  client = withBreakerCheck(client, breakers.before);
  // Around everything that may wait: one total per call, whatever happens inside.
  client = withDeadline(client, traffic);
  // Outermost: followers cost no time, no slot and no attempt below; each waiter keeps its own lifetime, the flight has the deadline.
  if (traffic.dedupe) client = withDedupe(client);
  return withLeases(client, [...breakers.leases, ...endpointLeases, places, budget]);
}

/** Gives back what it shares with other generations when it closes. */
function withLeases(client: SubgraphClient, leases: ReadonlyArray<Lease<unknown>>): SubgraphClient {
  return {
    name: client.name,
    execute: (call) => client.execute(call),
    async close() {
      for (const lease of leases) lease.release();
      await client.close();
    },
  };
}
