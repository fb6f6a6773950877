import type { Clock } from '../../base/kit/Clock.js';
import { systemClock } from '../../base/kit/Clock.js';
import type { EngineConfig } from '../../base/config/loadOptions.js';
import { notices } from '../../base/telemetry/channels.js';
import { RedisConnection } from '../../base/storage/RedisConnection.js';

import { Handover } from './Handover.js';
import type { Limiter } from './Limiter.js';
import { MemoryLimiter } from './MemoryLimiter.js';
import { RedisLimiter } from './redis/RedisLimiter.js';

type StorageSettings = EngineConfig['rateLimit']['storage'];

/** Where the limits of a generation are counted. */
export interface LimitStore {
  readonly limiter: Limiter;
  /** Counts while `limiter` cannot be asked. */
  readonly substitute: Limiter;
}

/** Memory of the counters that stand in for a store that cannot be asked. Bytes. */
const SUBSTITUTE_BYTES = 20_000_000;

/**
 * The counters of a gateway. They outlive generations: a reload forgives nobody. Another storage begins anew, a Redis when it can be asked for
 * the first time: until then the one before counts. That one is closed when its generations have ended and nobody counts in it any more.
 */
export class LimitStores {
  readonly #clock: Clock;
  readonly #machine: Limiter | undefined;
  readonly #substitute: Limiter;
  /** In the order in which they were asked for last. */
  readonly #stores = new Map<string, LimitStore & { readonly close: () => void; leases: number }>();

  /** @param machine counts for all serving processes of this machine, where they are several */
  constructor(clock: Clock = systemClock, machine?: Limiter) {
    this.#clock = clock;
    this.#machine = machine;
    this.#substitute = new MemoryLimiter({ maxBytes: SUBSTITUTE_BYTES, clock });
  }

  /** Gives the store that settings name, and what gives it back. */
  acquire(settings: StorageSettings): LimitStore & { release(): void } {
    // What is only spoken of begins nothing anew.
    const id = JSON.stringify({ ...settings, instances: undefined });
    const store = this.#stores.get(id) ?? { ...this.#open(settings), leases: 0 };
    this.#stores.delete(id);
    this.#stores.set(id, store);
    return this.#lease(id, store);
  }

  #lease(id: string, store: LimitStore & { leases: number }): LimitStore & { release(): void } {
    store.leases++;
    const { limiter, substitute } = store;
    return { limiter, substitute, release: () => this.#release(id) };
  }

  #release(id: string): void {
    const store = this.#stores.get(id);
    if (store === undefined || --store.leases > 0) return;
    this.#stores.delete(id);
    store.close();
  }

  #open({
    type,
    instances,
    maxSize,
    urls,
    cluster,
    sentinel,
    keyPrefix,
    timeout,
  }: StorageSettings): LimitStore & { close(): void } {
    if (type === 'memory' || urls === undefined) {
      if (instances > 1) warnOfMany(instances);
      const limiter = this.#machine ?? new MemoryLimiter({ maxBytes: maxSize, clock: this.#clock });
      return { limiter, substitute: this.#substitute, close() {} };
    }
    const scripts = new RedisConnection({
      urls,
      cluster,
      sentinelName: sentinel,
      commandTimeoutMs: timeout,
      purpose: 'rate limits',
    });
    const redis = new RedisLimiter({ scripts, keyPrefix, clock: this.#clock });
    const last = [...this.#stores].at(-1);
    const former = last && this.#lease(...last);
    const limiter = former === undefined ? redis : new Handover(former, redis, () => scripts.isReady);
    return { limiter, substitute: this.#substitute, close: () => void limiter.close().then(() => scripts.close()) };
  }
}

function warnOfMany(instances: number): void {
  const message = `Rate limits are counted in memory, and there are ${instances} instances: together they let ${instances} times as much through. Set rate_limit.storage to a Redis`;
  notices.publish({ level: 'warn', message });
}
