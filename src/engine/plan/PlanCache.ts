import { LRUCache } from 'lru-cache';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { Lifetime } from '../../base/kit/Lifetime.js';
import { lifetimeError } from '../../base/errors/lifetimeError.js';
import type { PlanRequest } from './Planner.js';

export interface PlanCacheOptions<Compiled> {
  /** Makes the plan and whatever is built on it. Called once per key, however many requests wait. */
  readonly make: (request: PlanRequest, lifetime: Lifetime) => Promise<Compiled>;
  /** What an entry costs in memory, in bytes. A rough number is enough. */
  readonly sizeOf: (made: Compiled, request: PlanRequest) => number;
  /** Bound of the whole cache, bytes. Default 64 MB. */
  readonly maxBytes?: number;
  /** How many variants of one document (labels, gates) are kept; the least recently used goes. Default 16. */
  readonly maxVariants?: number;
}

export interface PlanKey {
  /** The document and the operation's name. */
  readonly document: string;
  /** What else decides the plan: gates and override labels. */
  readonly variant: string;
}

interface Entry<Compiled> {
  readonly made: Compiled;
  readonly request: PlanRequest;
  readonly document: string;
  hits: number;
  /** Grows with each use of any entry: the smallest was not used for the longest time. */
  usedAt: number;
}

interface Flight<Compiled> {
  readonly key: string;
  readonly lifetime: Lifetime;
  readonly result: Promise<Compiled>;
  waiters: number;
}

/**
 * The plans of one generation: least recently used out, bounded in bytes and in variants per document.
 *
 * One plan is made once however many requests ask for it, and given up when the last of them has left. Failures are not kept.
 */
export class PlanCache<Compiled extends object> {
  readonly #options: PlanCacheOptions<Compiled>;
  readonly #entries: LRUCache<string, Entry<Compiled>>;
  readonly #flights = new Map<string, Flight<Compiled>>();
  /** Keys by document. */
  readonly #variants = new Map<string, Set<string>>();
  readonly #maxVariants: number;
  #uses = 0;

  constructor(options: PlanCacheOptions<Compiled>) {
    this.#options = options;
    this.#maxVariants = options.maxVariants ?? 16;
    this.#entries = new LRUCache({
      maxSize: options.maxBytes ?? 64 * 1024 * 1024,
      dispose: (entry, key) => this.#forget(entry.document, key),
    });
  }

  /** The cached entry, counted as a hit. The hot path: no promise. */
  peek(key: PlanKey): Compiled | undefined {
    const entry = this.#entries.get(joinKey(key));
    if (entry === undefined) return undefined;
    entry.hits += 1;
    entry.usedAt = this.#uses += 1;
    return entry.made;
  }

  /** The cached entry, or a new one. Rejects with what `make` rejects with, or with the end of `lifetime`. */
  get(key: PlanKey, request: PlanRequest, lifetime: Lifetime): Promise<Compiled> {
    const cached = this.peek(key);
    if (cached !== undefined) return Promise.resolve(cached);
    const joined = joinKey(key);
    const flight = this.#flights.get(joined) ?? this.#takeOff(joined, key.document, request);
    return this.#wait(flight, lifetime);
  }

  /** The requests with the most hits, hottest first: what the next generation warms up with. */
  hottest(count: number): PlanRequest[] {
    return [...this.#entries.values()]
      .sort((a, b) => b.hits - a.hits)
      .slice(0, count)
      .map((entry) => entry.request);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes, as `sizeOf` counts them. */
  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  #takeOff(key: string, document: string, request: PlanRequest): Flight<Compiled> {
    const lifetime = new Lifetime(Infinity);
    const result = this.#options.make(request, lifetime).then(
      (made) => {
        this.#land(flight);
        this.#keep(key, { made, request, document, hits: 1, usedAt: (this.#uses += 1) });
        return made;
      },
      (error: unknown) => {
        this.#land(flight);
        throw error;
      },
    );
    const flight: Flight<Compiled> = { key, lifetime, result, waiters: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #land(flight: Flight<Compiled>): void {
    this.#leave(flight);
    flight.lifetime.close();
  }

  /** Nobody else joins it. */
  #leave(flight: Flight<Compiled>): void {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
  }

  #wait(flight: Flight<Compiled>, lifetime: Lifetime): Promise<Compiled> {
    flight.waiters += 1;
    return new Promise((resolve, reject) => {
      const detach = lifetime.onEnd((end) => {
        flight.waiters -= 1;
        reject(lifetimeError(end, { waitedFor: 'plan' }));
        if (flight.waiters > 0) return;
        this.#leave(flight);
        flight.lifetime.end('cancelled');
      });
      flight.result.then(
        (made) => {
          detach();
          resolve(made);
        },
        (error: unknown) => {
          detach();
          reject(error instanceof Error ? error : new PorticoError('INTERNAL_SERVER_ERROR', String(error)));
        },
      );
    });
  }

  #keep(key: string, entry: Entry<Compiled>): void {
    const variants = this.#variants.get(entry.document) ?? new Set();
    if (!variants.has(key) && variants.size >= this.#maxVariants) this.#evictVariant(variants);
    this.#variants.set(entry.document, variants.add(key));
    const size = Math.max(1, Math.ceil(this.#options.sizeOf(entry.made, entry.request)));
    this.#entries.set(key, entry, { size });
    // Larger than the whole cache: lru-cache does not keep it, and does not call `dispose`.
    if (!this.#entries.has(key)) this.#forget(entry.document, key);
  }

  #evictVariant(variants: ReadonlySet<string>): void {
    let oldest: string | undefined;
    let usedAt = Infinity;
    for (const key of variants) {
      const entry = this.#entries.peek(key);
      if (entry === undefined || entry.usedAt >= usedAt) continue;
      oldest = key;
      usedAt = entry.usedAt;
    }
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  #forget(document: string, key: string): void {
    const variants = this.#variants.get(document);
    variants?.delete(key);
    if (variants?.size === 0) this.#variants.delete(document);
  }
}

function joinKey({ document, variant }: PlanKey): string {
  return `${document} ${variant}`;
}
