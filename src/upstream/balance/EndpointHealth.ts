import type { Clock } from '../../base/kit/Clock.js';

/** Ejection of endpoints whose calls fail, in Envoy's words. */
export interface OutlierOptions {
  /** Faults one after another that eject; 0 for never. Default 5. */
  readonly consecutiveErrors: number;
  /** Share of faults within `intervalMs` that ejects, in percent; 0 for never. Default 50. */
  readonly errorThreshold: number;
  /** Calls within `intervalMs` before the share counts. Default 20. */
  readonly volumeThreshold: number;
  /** Default 10,000. */
  readonly intervalMs: number;
  /** How long the first ejection lasts, the second one twice as long and so on. Default 30,000. */
  readonly baseEjectionMs: number;
  /** No ejection lasts longer. Default 300,000. */
  readonly maxEjectionMs: number;
  /** Endpoints of a group that may be ejected at the same time, in percent; one of several always may. Default 50. */
  readonly maxEjectionPercent: number;
}

/** How many probes one after another make up a change. The first one counts at once. */
export interface HealthThresholds {
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** Why an endpoint is in use or not: what probes say, and what its calls say. */
export type EndpointState = 'up' | 'down' | 'ejected';

export interface EndpointChange {
  readonly state: EndpointState;
  /** What was seen: `5 errors in a row`, `3 probes failed`. */
  readonly reason: string;
  /** How long it stays ejected, in milliseconds. */
  readonly ejectedMs?: number;
}

export interface EndpointWatch {
  readonly clock: Clock;
  readonly outliers?: OutlierOptions | undefined;
  readonly thresholds?: HealthThresholds | undefined;
  /** Whether one more endpoint of its group may be ejected. */
  readonly mayEject: () => boolean;
  readonly onChange: (change: EndpointChange) => void;
}

/** What is known of one endpoint. HOT: `succeeded` or `failed` once per call. */
export class EndpointHealth {
  readonly #watch: EndpointWatch;
  #isDown: boolean;
  #isProbed: boolean;
  /** Probes in a row that contradict the state. */
  #against: number;
  #stopReturn: (() => void) | undefined;
  #ejections: number;
  #returnedAt: number;
  #errorsInRow: number;
  #windowEndsAt: number;
  #calls: number;
  #errors: number;

  constructor(watch: EndpointWatch) {
    this.#watch = watch;
    this.#isDown = false;
    this.#isProbed = false;
    this.#against = 0;
    this.#stopReturn = undefined;
    this.#ejections = 0;
    this.#returnedAt = -Infinity;
    this.#errorsInRow = 0;
    this.#windowEndsAt = -Infinity;
    this.#calls = 0;
    this.#errors = 0;
  }

  get state(): EndpointState {
    if (this.#isDown) return 'down';
    return this.#stopReturn === undefined ? 'up' : 'ejected';
  }

  get isEjected(): boolean {
    return this.#stopReturn !== undefined;
  }

  /** A call was answered. */
  succeeded(): void {
    if (this.#watch.outliers === undefined) return;
    this.#errorsInRow = 0;
    this.#count(this.#watch.outliers);
  }

  /** A call failed by the endpoint's fault. */
  failed(): void {
    const { outliers } = this.#watch;
    if (outliers === undefined || this.isEjected) return;
    this.#errorsInRow++;
    this.#count(outliers);
    this.#errors++;
    if (outliers.consecutiveErrors > 0 && this.#errorsInRow >= outliers.consecutiveErrors) {
      return this.#eject(outliers, `${this.#errorsInRow} errors in a row`);
    }
    const share = (this.#errors / this.#calls) * 100;
    if (outliers.errorThreshold > 0 && this.#calls >= outliers.volumeThreshold && share >= outliers.errorThreshold) {
      this.#eject(outliers, `${this.#errors} of ${this.#calls} calls failed`);
    }
  }

  /** What a probe found. */
  probed(isHealthy: boolean, reason: string): void {
    const { thresholds, onChange } = this.#watch;
    if (thresholds === undefined) return;
    const isFirst = !this.#isProbed;
    this.#isProbed = true;
    if (isHealthy !== this.#isDown) return void (this.#against = 0);
    const needed = isFirst ? 1 : isHealthy ? thresholds.healthyThreshold : thresholds.unhealthyThreshold;
    if (++this.#against < needed) return;
    this.#against = 0;
    this.#isDown = !isHealthy;
    onChange({ state: this.state, reason: isHealthy ? `${needed} probes answered` : reason });
  }

  close(): void {
    this.#stopReturn?.();
    this.#stopReturn = undefined;
  }

  #count({ intervalMs }: OutlierOptions): void {
    const now = this.#watch.clock.monotonic();
    if (now >= this.#windowEndsAt) {
      this.#windowEndsAt = now + intervalMs;
      this.#calls = 0;
      this.#errors = 0;
    }
    this.#calls++;
  }

  #eject({ baseEjectionMs, maxEjectionMs }: OutlierOptions, reason: string): void {
    const { clock, mayEject, onChange } = this.#watch;
    if (!mayEject()) return;
    // Whoever has behaved for as long as the longest ejection starts anew.
    if (clock.monotonic() - this.#returnedAt > maxEjectionMs) this.#ejections = 0;
    this.#ejections++;
    const ejectedMs = Math.min(baseEjectionMs * this.#ejections, maxEjectionMs);
    this.#stopReturn = clock.schedule(() => this.#return(ejectedMs), ejectedMs);
    onChange({ state: this.state, reason, ejectedMs });
  }

  #return(ejectedMs: number): void {
    this.#stopReturn = undefined;
    this.#returnedAt = this.#watch.clock.monotonic();
    this.#errorsInRow = 0;
    this.#windowEndsAt = -Infinity;
    this.#watch.onChange({ state: this.state, reason: `was ejected for ${ejectedMs} ms` });
  }
}
