import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { Clock } from '../../base/kit/Clock.js';
import type { Identity } from '../Identity.js';
import { Refusal, Unavailable } from './Refusal.js';

/** A good credential. */
export interface Verdict {
  readonly identity: Identity;
  /** When the credential itself ends, in milliseconds of wall time; `Infinity` for never. */
  readonly expiresAt: number;
}

export interface VerdictCacheOptions {
  readonly clock: Clock;
  /** How long a verdict counts, in milliseconds; never longer than the credential. */
  readonly ttlMs: number;
  /** How old a verdict may be that stands in while nobody can be asked, in milliseconds. Default 0: none does. */
  readonly maxStaleMs?: number | undefined;
  /** Good credentials remembered. Default 10 000. */
  readonly maxEntries?: number | undefined;
}

interface Known extends Verdict {
  /** On the monotonic clock. */
  readonly since: number;
  /** Which rules and keys it was judged by. */
  readonly epoch: number;
}

interface Refused {
  readonly until: number;
  readonly epoch: number;
  readonly refusal: Refusal;
}

/** Bad credentials are remembered apart, so that whoever sends many of them pushes out no good one. */
const MAX_REFUSED = 2000;
const REFUSED_MS = 5000;
/** Judged at the same time; more are turned away. */
const MAX_FLIGHTS = 10_000;

/**
 * What is known about credentials, by their SHA-256: no credential stays in memory.
 *
 * HOT: once per request with a credential. A hit costs one hash and one look-up (bench: bench/authentication.ts).
 */
export class VerdictCache {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #maxStaleMs: number;
  readonly #known: LRUCache<string, Known>;
  readonly #refused = new LRUCache<string, Refused>({ max: MAX_REFUSED });
  readonly #flights = new Map<string, Promise<Identity>>();

  constructor({ clock, ttlMs, maxStaleMs = 0, maxEntries = 10_000 }: VerdictCacheOptions) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#maxStaleMs = maxStaleMs;
    this.#known = new LRUCache({ max: maxEntries });
  }

  /**
   * The identity behind a credential, at once when it is known. Equal credentials that are judged at the same time are judged once.
   *
   * @param epoch verdicts of another epoch do not count
   * Errors: a Refusal, Unavailable
   */
  judge(credential: string, epoch: number, verify: () => Promise<Verdict>): Identity | Promise<Identity> {
    const key = hash('sha256', credential, 'base64');
    const now = this.#clock.monotonic();
    const known = this.#known.get(key);
    if (known?.epoch === epoch && now - known.since < this.#ttlMs && this.#clock.now() < known.expiresAt)
      return known.identity;
    const refused = this.#refused.get(key);
    if (refused?.epoch === epoch && now < refused.until) throw refused.refusal;
    return this.#flights.get(key) ?? this.#start(key, epoch, verify);
  }

  #start(key: string, epoch: number, verify: () => Promise<Verdict>): Promise<Identity> {
    if (this.#flights.size >= MAX_FLIGHTS) throw new Unavailable('too many credentials are being checked');
    const flight = this.#judge(key, epoch, verify).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  async #judge(key: string, epoch: number, verify: () => Promise<Verdict>): Promise<Identity> {
    try {
      const verdict = await verify();
      if (this.#ttlMs > 0 || this.#maxStaleMs > 0)
        this.#known.set(key, { ...verdict, epoch, since: this.#clock.monotonic() });
      return verdict.identity;
    } catch (error) {
      if (error instanceof Refusal) {
        this.#known.delete(key);
        this.#refused.set(key, { until: this.#clock.monotonic() + REFUSED_MS, epoch, refusal: error });
      } else if (error instanceof Unavailable) {
        const known = this.#known.get(key);
        const age = known === undefined ? Infinity : this.#clock.monotonic() - known.since;
        if (known?.epoch === epoch && age < this.#maxStaleMs && this.#clock.now() < known.expiresAt)
          return known.identity;
      }
      throw error;
    }
  }
}
