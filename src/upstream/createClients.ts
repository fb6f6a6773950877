import { systemClock } from '../base/kit/Clock.js';
import type { Clock } from '../base/kit/Clock.js';

import type { SubgraphClient } from './SubgraphClient.js';
import { createHttpClient } from './http/httpClient.js';
import { createPoolRegistry } from './http/pools.js';
import type { PoolRegistry } from './http/pools.js';
import { acquireBreakers } from './resilience/acquireBreakers.js';
import type { CoordinatesOf } from './resilience/acquireBreakers.js';
import type { Lease } from './resilience/LeaseTable.js';
import { TrafficRegistry } from './resilience/TrafficRegistry.js';
import { withBreakerCheck, withFieldBreakers } from './resilience/withBreaker.js';
import { withBulkhead } from './resilience/withBulkhead.js';
import { withDeadline } from './resilience/withDeadline.js';
import { withDedupe } from './resilience/withDedupe.js';
import { withRetry } from './resilience/withRetry.js';
import { DEFAULT_TRAFFIC_OPTIONS, withSettings } from './TrafficOptions.js';
import type { TrafficOptions, TrafficSettings } from './TrafficOptions.js';

/** A subgraph and where it is. */
export interface SubgraphTarget {
  readonly name: string;
  readonly url: string;
}

export interface ClientsOptions {
  /** For every subgraph. */
  readonly all?: TrafficSettings;
  /** By subgraph name, on top of `all`. */
  readonly bySubgraph?: ReadonlyMap<string, TrafficSettings>;
  /** Whose sockets to use: a process has one registry for all its generations. Default: a new one. */
  readonly pools?: PoolRegistry;
  /** Whose breakers, places and retry budgets: as with `pools`. Default: a new one. */
  readonly traffic?: TrafficRegistry;
  /** Of back-offs, breakers and windows. Default: the machine's. */
  readonly clock?: Clock;
  /** Which fields an operation carries; without it there are no breakers of fields. */
  readonly coordinatesOf?: CoordinatesOf;
  /** Something else than HTTP for a subgraph (a mock, a REST connector); `undefined` means HTTP. Gets the same decorators. */
  readonly sender?: (target: SubgraphTarget, options: TrafficOptions) => SubgraphClient | undefined;
}

/** One client per subgraph, by name, with everything around it that its options ask for. */
export function createClients(
  subgraphs: Iterable<SubgraphTarget>,
  options: ClientsOptions = {},
): Map<string, SubgraphClient> {
  const tools: Tools = {
    pools: options.pools ?? createPoolRegistry(),
    registry: options.traffic ?? new TrafficRegistry(),
    clock: options.clock ?? systemClock,
    coordinatesOf: options.coordinatesOf,
  };
  const forAll = withSettings(DEFAULT_TRAFFIC_OPTIONS, options.all);
  const clients = new Map<string, SubgraphClient>();
  for (const target of subgraphs) {
    const traffic = withSettings(forAll, options.bySubgraph?.get(target.name));
    const sender =
      options.sender?.(target, traffic) ??
      createHttpClient({ name: target.name, url: target.url, options: traffic, pools: tools.pools });
    clients.set(target.name, decorate(sender, target, traffic, tools));
  }
  return clients;
}

interface Tools {
  readonly pools: PoolRegistry;
  readonly registry: TrafficRegistry;
  readonly clock: Clock;
  readonly coordinatesOf: CoordinatesOf | undefined;
}

/** The decorators, from the inside out. A call passes them from the bottom of this list to the top. */
function decorate(
  sender: SubgraphClient,
  { name, url }: SubgraphTarget,
  traffic: TrafficOptions,
  { registry, clock, coordinatesOf }: Tools,
): SubgraphClient {
  const { retry, concurrency } = traffic;
  const breakers = acquireBreakers(name, url, traffic, registry, clock, coordinatesOf);
  const places = registry.bulkhead(name, url, concurrency);
  const budget = registry.budget(name, url, retry.budget, clock);
  let client = sender;
  // Inside retries: an attempt that hangs leaves time for another one.
  if (retry.attemptTimeoutMs !== undefined) client = withDeadline(client, { timeoutMs: retry.attemptTimeoutMs });
  // Around single attempts: each one counts, probes are attempts, and an open breaker ends the retrying.
  client = withFieldBreakers(client, breakers.whole, breakers.ofFields);
  // Inside the bulkhead: a call that is tried again keeps its place, and its pauses cost no attempt anything.
  if (retry.maxAttempts > 1) client = withRetry(client, retry, { budget: budget.value, clock });
  // Inside the breaker check: a call that cannot be sent does not wait for a place, and waiting never counts against the subgraph.
  client = withBulkhead(client, places.value);
  // Before anything waits: while a breaker is open, calls fail at once.
  client = withBreakerCheck(client, breakers.before);
  // Around everything that may wait: one total per call, whatever happens inside.
  client = withDeadline(client, traffic);
  // Outermost: followers cost no time, no slot and no attempt below; each waiter keeps its own lifetime, the flight has the deadline.
  if (traffic.dedupe) client = withDedupe(client);
  return withLeases(client, [...breakers.leases, places, budget]);
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
