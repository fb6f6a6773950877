import { LRUCache } from 'lru-cache';

import type { Clock } from '../../../base/kit/Clock.js';
import { notices } from '../../../base/telemetry/channels.js';
import type { Identity } from '../../Identity.js';
import { makeIdentity } from '../makeIdentity.js';
import type { Provider } from '../Provider.js';
import { Refusal, Unavailable } from '../Refusal.js';
import { apiKeyId, isHashOf } from './ApiKey.js';
import type { Consumer } from './Consumer.js';
import type { KeyStore } from './KeyStore.js';

export interface ApiKeyRules {
  /** Lower case. */
  readonly header: string;
  readonly pepper: string;
  /** How old a consumer may be that stands in while the store cannot be asked, in milliseconds; 0 for none. */
  readonly maxStaleMs: number;
  /** How often times of last use are written, in milliseconds; undefined for never. */
  readonly recordUseMs: number | undefined;
}

/** Compared with where there is no such key, so that both take the same time. */
const NOBODY = '0'.repeat(64);
const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly consumer: Consumer;
  readonly since: number;
}

/** API keys of consumers. Each request asks the store, so that a removed or disabled key is refused at once. */
export function createApiKeyProvider(rules: ApiKeyRules, store: KeyStore, clock: Clock): Provider {
  const remembered = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });
  // One consumer is the same object until it changes, so its identity is made once.
  const identities = new WeakMap<Consumer, Identity>();
  const uses = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  let unschedule: (() => void) | undefined;

  const find = (id: string): Consumer | undefined | Promise<Consumer | undefined> => {
    const found = store.find(id);
    return found instanceof Promise ? found.then(remember, standIn) : found;
    function remember(consumer: Consumer | undefined): Consumer | undefined {
      if (rules.maxStaleMs === 0) return consumer;
      if (consumer === undefined) remembered.delete(id);
      else remembered.set(id, { consumer, since: clock.monotonic() });
      return consumer;
    }
    function standIn(error: unknown): Consumer {
      const known = remembered.get(id);
      if (!(error instanceof Unavailable) || known === undefined) throw error;
      if (clock.monotonic() - known.since > rules.maxStaleMs) throw error;
      return known.consumer;
    }
  };

  const judge = (key: string, id: string, consumer: Consumer | undefined): Identity => {
    const record = consumer?.keys.find((each) => each.id === id);
    const fits = isHashOf(record?.hash ?? NOBODY, key, rules.pepper);
    if (consumer === undefined || record === undefined || !fits) throw new Refusal('the API key is not known');
    if (consumer.disabled) throw new Refusal(`the API key is of a disabled consumer (${consumer.name})`);
    const now = clock.now();
    if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= now)
      throw new Refusal(`the API key has expired (${consumer.name}, ${id})`);
    if (rules.recordUseMs !== undefined) uses.set(id, now);
    let identity = identities.get(consumer);
    if (identity === undefined) identities.set(consumer, (identity = identityOf(consumer)));
    return identity;
  };

  const flush = async (): Promise<void> => {
    const times = new Map(uses.entries());
    uses.clear();
    try {
      if (times.size > 0) await store.noteUse(times);
    } catch (error) {
      notices.publish({ level: 'warn', message: 'The last use of API keys cannot be noted', error });
    }
  };
  const scheduleFlush = (everyMs: number): void => {
    unschedule = clock.schedule(() => void flush().then(() => unschedule && scheduleFlush(everyMs)), everyMs);
  };

  return {
    name: 'api_keys',
    challenge: 'ApiKey',
    identify(request) {
      const key = request.header(rules.header);
      if (key === undefined) return undefined;
      const id = apiKeyId(key);
      // Two keys in two headers arrive as one text with a comma, which is no key.
      if (id === undefined || request.isRepeated(rules.header)) throw new Refusal('the API key is no key');
      const consumer = find(id);
      return consumer instanceof Promise ? consumer.then((found) => judge(key, id, found)) : judge(key, id, consumer);
    },
    start() {
      store.start();
      if (rules.recordUseMs !== undefined && unschedule === undefined) scheduleFlush(rules.recordUseMs);
    },
    close() {
      unschedule?.();
      unschedule = undefined;
      void flush().finally(() => store.close());
    },
  };
}

function identityOf({ name, scopes, plan, tenant }: Consumer): Identity {
  return makeIdentity({ kind: 'api_key', issuer: 'api_keys', subject: name, scopes, plan, tenant, claims: {} });
}
