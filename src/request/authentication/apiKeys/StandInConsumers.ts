import { LRUCache } from 'lru-cache';

import type { Clock } from '../../../base/kit/Clock.js';
import { Unavailable } from '../Refusal.js';
import type { Consumer } from './Consumer.js';
import type { KeyStore } from './KeyStore.js';

const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly consumer: Consumer;
  readonly since: number;
}

/** The consumers of a store that is asked each time; while it cannot be asked, those that it gave a while ago stand in. */
export class StandInConsumers {
  readonly #store: KeyStore;
  readonly #maxStaleMs: number;
  readonly #clock: Clock;
  readonly #remembered = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });

  /** @param maxStaleMs how old a consumer may be that stands in, in milliseconds; 0 for none */
  constructor(store: KeyStore, maxStaleMs: number, clock: Clock) {
    this.#store = store;
    this.#maxStaleMs = maxStaleMs;
    this.#clock = clock;
  }

  /** At once where the store knows at once. Errors: Unavailable when it cannot be asked and nobody stands in. */
  find(id: string): Consumer | undefined | Promise<Consumer | undefined> {
    const found = this.#store.find(id);
    if (!(found instanceof Promise)) return found;
    return found.then(
      (consumer) => this.#remember(id, consumer),
      (error: unknown) => this.#standIn(id, error),
    );
  }

  #remember(id: string, consumer: Consumer | undefined): Consumer | undefined {
    if (this.#maxStaleMs === 0) return consumer;
    if (consumer === undefined) this.#remembered.delete(id);
    else this.#remembered.set(id, { consumer, since: this.#clock.monotonic() });
    return consumer;
  }

  #standIn(id: string, error: unknown): Consumer {
    const known = this.#remembered.get(id);
    if (!(error instanceof Unavailable) || known === undefined) throw error;
    if (this.#clock.monotonic() - known.since > this.#maxStaleMs) throw error;
    return known.consumer;
  }
}
