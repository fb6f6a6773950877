import { systemClock } from '../../base/kit/Clock.js';
import type { Clock } from '../../base/kit/Clock.js';

import { DEFAULT_GROUP } from './Endpoint.js';
import type { EndpointTarget } from './Endpoint.js';
import type { EndpointHealth } from './EndpointHealth.js';
import type { Probe } from './Prober.js';
import { SubgraphHealth } from './SubgraphHealth.js';
import type { HealthSettings } from './SubgraphHealth.js';

/** A share in what is known of a subgraph's endpoints. */
export interface HealthLease {
  /** In the order of the endpoints. */
  readonly endpoints: readonly EndpointHealth[];
  /** Called after each change, until the share is given back. */
  onChange(listener: () => void): void;
  release(): void;
}

/**
 * What the process knows of its endpoints, shared by the generations of the graph: a reload that leaves the endpoints and their settings
 * alone keeps it. Probes run while somebody holds a share.
 */
export interface HealthRegistry {
  /** @param probes in the order of the endpoints; those of the newest share are used */
  acquire(
    subgraph: string,
    endpoints: readonly EndpointTarget[],
    settings: HealthSettings,
    probes: readonly Probe[],
  ): HealthLease;
}

export function createHealthRegistry(clock: Clock = systemClock, random: () => number = Math.random): HealthRegistry {
  const shared = new Map<string, SubgraphHealth>();
  return {
    acquire(subgraph, endpoints, settings, probes) {
      const places = endpoints.map(({ url, group = DEFAULT_GROUP }) => ({ url, group }));
      const key = JSON.stringify([subgraph, places, settings]);
      const health = shared.get(key) ?? new SubgraphHealth({ subgraph, places, settings, clock, random });
      shared.set(key, health);
      const share = health.join(probes);
      return {
        endpoints: health.endpoints,
        onChange: (listener) => void (share.listener = listener),
        release() {
          if (health.leave(share)) shared.delete(key);
        },
      };
    },
  };
}
