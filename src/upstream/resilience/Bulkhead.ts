import { PorticoError } from '../../base/errors/PorticoError.js';
import { codes } from '../../base/errors/codes.js';
import { bulkheadRejections } from '../../base/telemetry/channels.js';
import type { Lifetime } from '../../base/kit/Lifetime.js';
import { lifetimeError } from '../../base/errors/lifetimeError.js';

export interface ConcurrencyOptions {
  /** Calls to the subgraph at the same time. Default 100. */
  readonly max: number;
  /** Calls that may wait for a place. Default 50. */
  readonly queue: number;
}

export const DEFAULT_CONCURRENCY_OPTIONS: ConcurrencyOptions = { max: 100, queue: 50 };

/**
 * The places that calls to one subgraph share: first come, first served; those who cannot even wait are refused at once.
 *
 * A waiting call whose lifetime ends leaves at once and costs no place.
 */
export class Bulkhead {
  readonly #subgraph: string;
  readonly #options: ConcurrencyOptions;
  #running = 0;
  readonly #waiting = new Set<() => void>();

  constructor(subgraph: string, options: ConcurrencyOptions) {
    this.#subgraph = subgraph;
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Takes a free place. HOT. */
  tryEnter(): boolean {
    if (this.#running >= this.#options.max) return false;
    this.#running++;
    return true;
  }

  /** Waits for a place and takes it. Errors: OVERLOADED when the queue is full; the end of `lifetime`. */
  enter(lifetime: Lifetime): Promise<void> {
    if (lifetime.ended !== undefined)
      return Promise.reject(lifetimeError(lifetime.ended, { subgraph: this.#subgraph }));
    const { max, queue } = this.#options;
    if (this.#waiting.size >= queue) {
      if (bulkheadRejections.hasSubscribers) {
        bulkheadRejections.publish({ subgraph: this.#subgraph, running: this.#running, waiting: this.#waiting.size });
      }
      // Clients read the message, so it names no subgraph.
      const details = { subgraph: this.#subgraph, max, queue };
      return Promise.reject(new PorticoError('OVERLOADED', codes.OVERLOADED.summary, { details }));
    }
    return new Promise((resolve, reject) => {
      const take = (): void => {
        stopListening();
        resolve();
      };
      this.#waiting.add(take);
      const stopListening = lifetime.onEnd((end) => {
        this.#waiting.delete(take);
        reject(lifetimeError(end, { subgraph: this.#subgraph }));
      });
    });
  }

  /** Gives a place back: to whoever waits longest. */
  leave(): void {
    for (const take of this.#waiting) {
      this.#waiting.delete(take);
      return take();
    }
    this.#running--;
  }
}
