import { PorticoError } from '../../base/errors/PorticoError.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import { DEFAULT_GROUP, Endpoint } from './Endpoint.js';
import type { EndpointTarget } from './Endpoint.js';
import { EndpointGroup } from './EndpointGroup.js';
import type { HealthLease } from './HealthRegistry.js';
import { isEndpointFault } from './isEndpointFault.js';
import { lessBusyOfTwo, nextInTurn } from './pick.js';

/** How calls are spread over the endpoints of a subgraph. All algorithms respect weights. */
export interface BalanceOptions {
  /**
   * `round_robin` and `weighted`: in turn. `least_requests`: the less busy of two at random. `hash`: by the affinity of a call, in turn for
   * calls without one. Default `round_robin`.
   */
  readonly algorithm: 'round_robin' | 'weighted' | 'least_requests' | 'hash';
  /** Below this share of available endpoints, in percent, all are used. Default 25. */
  readonly panicThreshold: number;
}

export interface BalancerOptions {
  /** The subgraph's name. */
  readonly name: string;
  readonly endpoints: ReadonlyArray<EndpointTarget & { readonly client: SubgraphClient }>;
  readonly balance: BalanceOptions;
  /** What is known of the endpoints, in their order; absent where nobody watches. Released with the client. */
  readonly health?: HealthLease | undefined;
  /** A deadline that comes sooner says nothing about an endpoint. Milliseconds. */
  readonly fairMs: number;
  readonly random?: (() => number) | undefined;
}

/**
 * One subgraph at several endpoints.
 *
 * - A call goes to the group of its route; a group without any available endpoint hands its calls to the group `default`.
 * - Calls with an affinity go to the endpoint that belongs to it while it is available.
 * - A repeated call (`SubgraphCall.tried`) goes to another endpoint while there is one, and so does a call that the endpoint's own breaker
 *   refused: nothing of it has been sent.
 *
 * HOT: once per subgraph call. Bench: bench/upstream.ts.
 */
export function createBalancer(options: BalancerOptions): SubgraphClient {
  return new Balancer(options);
}

class Balancer implements SubgraphClient {
  readonly name: string;
  readonly #endpoints: readonly Endpoint[];
  readonly #groups = new Map<string, EndpointGroup>();
  readonly #default: EndpointGroup;
  readonly #health: HealthLease | undefined;
  readonly #fairMs: number;

  constructor({ name, endpoints, balance, health, fairMs, random = Math.random }: BalancerOptions) {
    this.name = name;
    this.#health = health;
    this.#fairMs = fairMs;
    this.#endpoints = endpoints.map((target, at) => new Endpoint(target, target.client, health?.endpoints[at]));
    const pick = balance.algorithm === 'least_requests' ? lessBusyOfTwo(random) : nextInTurn;
    const groupOf = ({ group = DEFAULT_GROUP }: EndpointTarget): string => group;
    for (const group of new Set(endpoints.map(groupOf))) {
      const members = this.#endpoints.filter((_endpoint, at) => groupOf(endpoints[at]!) === group);
      const { panicThreshold } = balance;
      this.#groups.set(
        group,
        new EndpointGroup({ subgraph: name, name: group, endpoints: members, pick, panicThreshold }),
      );
    }
    this.#default = this.#groups.get(DEFAULT_GROUP) ?? this.#groups.values().next().value!;
    health?.onChange(() => {
      for (const group of this.#groups.values()) group.refresh();
    });
  }

  execute(call: SubgraphCall): Promise<SubgraphReply> {
    return this.#send(call, call.tried);
  }

  async close(): Promise<void> {
    this.#health?.release();
    await Promise.all(this.#endpoints.map(({ client }) => client.close()));
  }

  #send(call: SubgraphCall, tried: string[] | undefined): Promise<SubgraphReply> {
    const group = this.#groupOf(call);
    const endpoint = group.choose(call.route?.affinity, tried);
    const { health } = endpoint;
    tried?.push(endpoint.url);
    endpoint.inFlight++;
    const startedAt = health === undefined ? 0 : performance.now();
    return endpoint.client.execute(call).then(
      (reply) => {
        endpoint.inFlight--;
        if (reply.status >= 500) health?.failed();
        else health?.succeeded();
        return reply;
      },
      (error: unknown) => {
        endpoint.inFlight--;
        if (isRefusedUnsent(error)) {
          const seen = tried ?? [endpoint.url];
          if (group.hasOther(seen) && call.lifetime.ended === undefined) return this.#send(call, seen);
        } else if (health !== undefined && isEndpointFault(error, performance.now() - startedAt >= this.#fairMs)) {
          health.failed();
        }
        throw error;
      },
    );
  }

  #groupOf({ route }: SubgraphCall): EndpointGroup {
    if (route?.group === undefined) return this.#default;
    const group = this.#groups.get(route.group);
    return group?.isAvailable === true ? group : this.#default;
  }
}

/** The endpoint's own breaker is open. */
function isRefusedUnsent(error: unknown): boolean {
  return error instanceof PorticoError && error.code === 'SUBGRAPH_CIRCUIT_OPEN';
}
