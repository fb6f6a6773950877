import { hash32 } from '../../base/kit/hash32.js';
import type { SubgraphClient } from '../SubgraphClient.js';

import type { EndpointHealth } from './EndpointHealth.js';

/** One of the places where a subgraph is. */
export interface EndpointTarget {
  readonly url: string;
  /** Its share of the calls, relative to the others. Above 0, default 1. */
  readonly weight?: number | undefined;
  /** Calls are routed to groups, and balanced inside them. Default: `default`. */
  readonly group?: string | undefined;
}

export const DEFAULT_GROUP = 'default';

/** An endpoint as a balancer sees it. */
export class Endpoint {
  readonly url: string;
  readonly weight: number;
  readonly client: SubgraphClient;
  /** Absent where nobody watches. */
  readonly health: EndpointHealth | undefined;
  /** For hashing. */
  readonly seed: number;
  /** Calls under way. */
  inFlight: number;
  /** Of the weighted turn; see `nextInTurn`. */
  credit: number;

  constructor({ url, weight = 1 }: EndpointTarget, client: SubgraphClient, health?: EndpointHealth) {
    this.url = url;
    this.weight = weight;
    this.client = client;
    this.health = health;
    this.seed = hash32(url);
    this.inFlight = 0;
    this.credit = 0;
  }
}

/** An endpoint's name for logs: never the query string, where keys may be. */
export function endpointLabel(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
