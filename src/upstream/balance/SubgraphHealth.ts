import type { Clock } from '../../base/kit/Clock.js';
import { endpointChanges, notices } from '../../base/telemetry/channels.js';

import { endpointLabel } from './Endpoint.js';
import { EndpointHealth } from './EndpointHealth.js';
import type { EndpointChange, OutlierOptions } from './EndpointHealth.js';
import { startProber } from './Prober.js';
import type { Probe } from './Prober.js';

/** Probes of endpoints, in Envoy's words. */
export interface HealthCheckOptions {
  /** Default 10,000. */
  readonly intervalMs: number;
  /** Default 2000. */
  readonly timeoutMs: number;
  /** Probes in a row that bring an endpoint back. Default 2. */
  readonly healthyThreshold: number;
  /** Probes in a row that take it out. Default 3. */
  readonly unhealthyThreshold: number;
  /** Asked with GET at the endpoint's origin, any 2xx is well; absent: the query `{ __typename }` at the endpoint itself. */
  readonly path?: string | undefined;
}

export interface HealthSettings {
  readonly healthCheck?: HealthCheckOptions | undefined;
  readonly outlierDetection?: OutlierOptions | undefined;
}

export interface SubgraphHealthOptions {
  readonly subgraph: string;
  readonly places: ReadonlyArray<{ readonly url: string; readonly group: string }>;
  readonly settings: HealthSettings;
  readonly clock: Clock;
  readonly random: () => number;
}

interface Share {
  readonly probes: readonly Probe[];
  listener: (() => void) | undefined;
}

/** The endpoints of one subgraph: their probes, their ejections, and the news of both. */
export class SubgraphHealth {
  readonly endpoints: readonly EndpointHealth[];
  readonly #options: SubgraphHealthOptions;
  readonly #shares = new Set<Share>();
  readonly #probers: ReadonlyArray<{ stop(): void }>;

  constructor(options: SubgraphHealthOptions) {
    this.#options = options;
    const { places, settings, clock, random } = options;
    const { healthCheck, outlierDetection } = settings;
    this.endpoints = places.map(
      ({ url, group }) =>
        new EndpointHealth({
          clock,
          outliers: outlierDetection,
          thresholds: healthCheck,
          mayEject: () => this.#mayEject(group),
          onChange: (change) => this.#changed(url, change),
        }),
    );
    this.#probers =
      healthCheck === undefined
        ? []
        : this.endpoints.map((endpoint, index) =>
            startProber({
              intervalMs: healthCheck.intervalMs,
              timeoutMs: healthCheck.timeoutMs,
              clock,
              random,
              current: () => [...this.#shares].at(-1)?.probes[index],
              onResult: (isHealthy, reason) => endpoint.probed(isHealthy, reason),
            }),
          );
  }

  join(probes: readonly Probe[]): Share {
    const share: Share = { probes, listener: undefined };
    this.#shares.add(share);
    return share;
  }

  /** Gives true when nobody is left: then everything has stopped. */
  leave(share: Share): boolean {
    if (!this.#shares.delete(share) || this.#shares.size > 0) return false;
    for (const prober of this.#probers) prober.stop();
    for (const endpoint of this.endpoints) endpoint.close();
    return true;
  }

  /** One endpoint of several may always be ejected, the last one never. */
  #mayEject(group: string): boolean {
    const { places, settings } = this.#options;
    let size = 0;
    let ejected = 0;
    for (let index = 0; index < places.length; index++) {
      if (places[index]!.group !== group) continue;
      size++;
      if (this.endpoints[index]!.isEjected) ejected++;
    }
    const most = Math.max(1, Math.floor((size * (settings.outlierDetection?.maxEjectionPercent ?? 0)) / 100));
    return ejected < most && ejected + 1 < size;
  }

  #changed(url: string, { state, reason, ejectedMs }: EndpointChange): void {
    const { subgraph } = this.#options;
    const endpoint = endpointLabel(url);
    notices.publish({
      level: state === 'up' ? 'info' : 'warn',
      message: `An endpoint is ${state === 'up' ? 'in use again' : state}`,
      details: { subgraph, endpoint, reason, ...(ejectedMs !== undefined && { ejectedMs }) },
    });
    if (endpointChanges.hasSubscribers) endpointChanges.publish({ subgraph, endpoint, state, reason });
    for (const { listener } of this.#shares) listener?.();
  }
}
