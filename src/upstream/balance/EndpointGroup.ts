import { notices } from '../../base/telemetry/channels.js';

import type { Endpoint } from './Endpoint.js';
import { pickByHash } from './pick.js';
import type { Pick } from './pick.js';

export interface EndpointGroupOptions {
  readonly subgraph: string;
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  readonly pick: Pick;
  /** Below this share of available endpoints, in percent, all are used: the few that are left would not stand the load of all. */
  readonly panicThreshold: number;
}

/** Endpoints among which a call may choose. */
export class EndpointGroup {
  readonly #options: EndpointGroupOptions;
  /** Those in use; all of them in a panic. */
  #candidates: readonly Endpoint[];
  #available: number;
  #isPanicking: boolean;

  constructor(options: EndpointGroupOptions) {
    this.#options = options;
    this.#candidates = options.endpoints;
    this.#available = options.endpoints.length;
    this.#isPanicking = false;
    this.#look();
  }

  /** Whether an endpoint is there that nobody has found at fault. */
  get isAvailable(): boolean {
    return this.#available > 0;
  }

  /**
   * HOT: once per call.
   *
   * @param tried the endpoints that this call has had already: avoided while there are others
   */
  choose(affinity: string | undefined, tried: readonly string[] | undefined): Endpoint {
    let candidates = this.#candidates;
    if (tried !== undefined && tried.length > 0) {
      const fresh = candidates.filter(({ url }) => !tried.includes(url));
      if (fresh.length > 0) candidates = fresh;
    }
    if (candidates.length === 1) return candidates[0]!;
    return affinity === undefined ? this.#options.pick(candidates) : pickByHash(candidates, affinity);
  }

  /** Whether a call that had `tried` could go elsewhere. */
  hasOther(tried: readonly string[]): boolean {
    return this.#candidates.some(({ url }) => !tried.includes(url));
  }

  /** Call after a change of an endpoint's state. */
  refresh(): void {
    const was = this.#isPanicking;
    this.#look();
    if (was === this.#isPanicking) return;
    const { subgraph, name, endpoints } = this.#options;
    notices.publish({
      level: was ? 'info' : 'error',
      message: was
        ? 'Enough endpoints are available again'
        : 'Too few endpoints are available: all are used, whatever is known of them',
      details: { subgraph, group: name, available: this.#available, endpoints: endpoints.length },
    });
  }

  #look(): void {
    const { endpoints, panicThreshold } = this.#options;
    const available = endpoints.filter(({ health }) => health === undefined || health.state === 'up');
    this.#available = available.length;
    this.#isPanicking = available.length === 0 || (available.length / endpoints.length) * 100 < panicThreshold;
    this.#candidates = this.#isPanicking ? endpoints : available;
  }
}
