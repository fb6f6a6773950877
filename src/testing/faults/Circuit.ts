import type { CircuitState } from '../../base/telemetry/channels.js';
import type { Breaker } from '../../upstream/resilience/Breaker.js';
import type { TrafficRegistry } from '../../upstream/resilience/TrafficRegistry.js';

/** The circuit breaker of a subgraph, or of one of its fields: to look at, and to force. */
export class Circuit {
  readonly #traffic: TrafficRegistry;
  readonly #subgraph: string;
  readonly #coordinate: string | undefined;

  constructor(traffic: TrafficRegistry, subgraph: string, coordinate?: string) {
    this.#traffic = traffic;
    this.#subgraph = subgraph;
    this.#coordinate = coordinate;
  }

  get state(): CircuitState {
    return this.#breaker().state;
  }

  /** Calls are refused with SUBGRAPH_CIRCUIT_OPEN until `release`, or `recover` of the subgraph. */
  open(): void {
    this.#breaker().forceOpen();
  }

  /** Calls are let through, however many fail, until `release`, or `recover` of the subgraph. */
  close(): void {
    this.#breaker().forceClosed();
  }

  /** By itself again: closed, with nothing counted. */
  release(): void {
    this.#breaker().release();
  }

  #breaker(): Breaker {
    const breaker = this.#traffic.findBreaker({ subgraph: this.#subgraph, coordinate: this.#coordinate });
    if (breaker !== undefined) return breaker;
    const where = this.#coordinate === undefined ? this.#subgraph : `${this.#coordinate} of ${this.#subgraph}`;
    throw new Error(`There is no circuit breaker for ${where}: see trafficShaping in the settings`);
  }
}
