import { LRUCache } from 'lru-cache';

import type { Clock } from '../../../base/kit/Clock.js';
import { notices } from '../../../base/telemetry/channels.js';
import type { KeyStore } from './KeyStore.js';

/** Keys whose use is kept until it is written. */
const MAX_NOTED = 10_000;

/** When keys were used last: noted for each request, written to the store now and then. */
export class LastUses {
  readonly #store: KeyStore;
  readonly #everyMs: number;
  readonly #clock: Clock;
  readonly #times = new LRUCache<string, number>({ max: MAX_NOTED });
  #unschedule: (() => void) | undefined;

  constructor(store: KeyStore, everyMs: number, clock: Clock) {
    this.#store = store;
    this.#everyMs = everyMs;
    this.#clock = clock;
  }

  /** @param now in milliseconds since 1970 */
  note(id: string, now: number): void {
    this.#times.set(id, now);
  }

  start(): void {
    if (this.#unschedule === undefined) this.#schedule();
  }

  /** Writes what has been noted. Never rejects. */
  close(): Promise<void> {
    this.#unschedule?.();
    this.#unschedule = undefined;
    return this.#write();
  }

  #schedule(): void {
    const writeAndGoOn = async (): Promise<void> => {
      await this.#write();
      if (this.#unschedule !== undefined) this.#schedule();
    };
    this.#unschedule = this.#clock.schedule(() => void writeAndGoOn(), this.#everyMs);
  }

  async #write(): Promise<void> {
    const times = new Map(this.#times.entries());
    this.#times.clear();
    try {
      if (times.size > 0) await this.#store.noteUse(times);
    } catch (error) {
      notices.publish({ level: 'warn', message: 'The last use of API keys cannot be noted', error });
    }
  }
}
