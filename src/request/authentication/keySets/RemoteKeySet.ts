import type { FlattenedJWSInput, JWSHeaderParameters } from 'jose';

import type { HttpClient } from '../../../base/http/createHttpClient.js';
import type { Clock } from '../../../base/kit/Clock.js';
import { notices } from '../../../base/telemetry/channels.js';
import { Refusal, Unavailable } from '../Refusal.js';
import { readKeySet } from './KeySet.js';
import type { KeySet, ReadKeySet, VerificationKey } from './KeySet.js';

export interface RemoteKeySetOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pollMs: number;
  readonly cooldownMs: number;
  readonly maxStaleMs: number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly http: HttpClient;
  readonly clock: Clock;
}

/** The first wait after a failure; each further one doubles it, up to the polling interval. */
const RETRY_MS = 1000;
/** An empty set locks everybody out, on purpose or by accident: it counts when it is still empty after this. */
const CONFIRM_MS = 5000;
/** So that many gateways do not ask in the same moment. */
const JITTER = 0.1;

/**
 * A key set that an issuer publishes, fetched in the background.
 *
 * - Failures keep the old keys, for `maxStaleMs`; after that nobody knows, which is 503 and never 401.
 * - An unknown key id has the set fetched at once, at most once per cooldown, however many come; all wait for the one fetch.
 * - A late answer never replaces a newer one.
 * - An empty set is believed at the second look: issuers revoke that way, and broken ones look that way.
 *
 * Why not jose's `createRemoteJWKSet`: it fetches while a token waits, and its cooldown begins with a success only, so that an outage of the
 * issuer would fail tokens that could be verified and cost a fetch per request.
 */
export class RemoteKeySet implements KeySet {
  readonly #options: RemoteKeySetOptions;
  #set: ReadKeySet | undefined;
  #text: string | undefined;
  /** Of the last good answer, and of the last fetch for an unknown key; monotonic. */
  #loadedAt = 0;
  #soughtAt = -Infinity;
  #sequence = 0;
  #applied = 0;
  #failures = 0;
  #emptySeen = false;
  #fetching: Promise<void> | undefined;
  #unschedule: (() => void) | undefined;
  #closed = false;
  version = 0;

  constructor(options: RemoteKeySetOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#sequence === 0) void this.#fetch();
  }

  close(): void {
    this.#closed = true;
    this.#unschedule?.();
  }

  async candidates(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<readonly VerificationKey[]> {
    // At the start there is nothing to go by yet; during an outage nobody waits: the next attempt is scheduled.
    if (this.#set === undefined && this.#failures === 0) await this.#fetch();
    const set = this.#current();
    try {
      return await set.find(header, token);
    } catch (error) {
      if (!(error instanceof Refusal) || !(await this.#seek())) throw error;
      return this.#current().find(header, token);
    }
  }

  /** Errors: Unavailable when there are no keys, or only old ones. */
  #current(): ReadKeySet {
    const age = this.#options.clock.monotonic() - this.#loadedAt;
    if (this.#set === undefined || age > this.#options.maxStaleMs)
      throw new Unavailable('the key set is not available');
    return this.#set;
  }

  /** Fetches because of a key that is not known. Gives false when that has been done lately. */
  async #seek(): Promise<boolean> {
    const now = this.#options.clock.monotonic();
    if (this.#fetching === undefined) {
      if (now - this.#soughtAt < this.#options.cooldownMs) return false;
      this.#soughtAt = now;
    }
    await this.#fetch();
    return true;
  }

  /** One at a time; whoever comes meanwhile waits for it. Never rejects. */
  #fetch(): Promise<void> {
    this.#fetching ??= this.#fetchNow().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetchNow(): Promise<void> {
    const number = ++this.#sequence;
    this.#unschedule?.();
    const { url, headers, timeoutMs, maxBytes, http, pollMs } = this.#options;
    let waitMs = pollMs;
    try {
      const { status, text } = await http.ask({ method: 'GET', url, headers, timeoutMs, maxBytes });
      if (status !== 200) throw new Error(`answered with status ${status}`);
      if (this.#accept(number, text, readKeySet(text))) this.#failures = 0;
      else waitMs = CONFIRM_MS;
    } catch (error) {
      this.#failures++;
      waitMs = Math.min(pollMs, RETRY_MS * 2 ** Math.min(this.#failures - 1, 10));
      this.#report(error);
    }
    if (this.#closed) return;
    const jittered = waitMs * (1 + JITTER * (Math.random() * 2 - 1));
    this.#unschedule = this.#options.clock.schedule(() => void this.#fetch(), jittered);
  }

  /** Gives false when it is empty and was not before: to be confirmed. */
  #accept(number: number, text: string, set: ReadKeySet): boolean {
    if (number < this.#applied) return true;
    const isNews = set.size === 0 && this.#set !== undefined && this.#set.size > 0 && !this.#emptySeen;
    this.#emptySeen = set.size === 0;
    if (isNews) {
      this.#notice('warn', 'A key set is empty; it counts if it stays empty');
      return false;
    }
    this.#applied = number;
    this.#loadedAt = this.#options.clock.monotonic();
    if (text === this.#text) return true;
    const isFirst = this.#text === undefined;
    this.#set = set;
    this.#text = text;
    if (!isFirst) this.version++;
    this.#notice(
      set.size === 0 ? 'error' : 'info',
      isFirst ? 'A key set was fetched' : 'A key set was replaced',
      set.size,
    );
    return true;
  }

  /** The first failure of a row, and the moment from which tokens cannot be checked. */
  #report(error: unknown): void {
    const { clock, maxStaleMs } = this.#options;
    const isStale = this.#set === undefined || clock.monotonic() - this.#loadedAt > maxStaleMs;
    if (this.#failures > 1 && !isStale) return;
    const message = isStale
      ? 'A key set is not available: its tokens are answered with 503'
      : 'A key set cannot be fetched, known keys stay in use';
    notices.publish({ level: isStale ? 'error' : 'warn', message, details: { url: this.#options.url }, error });
  }

  #notice(level: 'info' | 'warn' | 'error', message: string, keys?: number): void {
    notices.publish({ level, message, details: { url: this.#options.url, ...(keys !== undefined && { keys }) } });
  }
}
