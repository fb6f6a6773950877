import type { Clock } from '../../../base/kit/Clock.js';
import type { Identity } from '../../Identity.js';
import { makeIdentity } from '../makeIdentity.js';
import type { Provider } from '../Provider.js';
import { Refusal } from '../Refusal.js';
import { apiKeyId, isHashOf } from './ApiKey.js';
import type { Consumer } from './Consumer.js';
import type { KeyStore } from './KeyStore.js';
import { LastUses } from './LastUses.js';
import { StandInConsumers } from './StandInConsumers.js';

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

/** API keys of consumers. Each request asks the store, so that a removed or disabled key is refused at once. */
export function createApiKeyProvider(rules: ApiKeyRules, store: KeyStore, clock: Clock): Provider {
  const consumers = new StandInConsumers(store, rules.maxStaleMs, clock);
  // One consumer is the same object until it changes, so its identity is made once.
  const identities = new WeakMap<Consumer, Identity>();
  const uses = rules.recordUseMs === undefined ? undefined : new LastUses(store, rules.recordUseMs, clock);

  const judge = (key: string, id: string, consumer: Consumer | undefined): Identity => {
    const record = consumer?.keys.find((each) => each.id === id);
    const fits = isHashOf(record?.hash ?? NOBODY, key, rules.pepper);
    if (consumer === undefined || record === undefined || !fits) throw new Refusal('the API key is not known');
    if (consumer.disabled) throw new Refusal(`the API key is of a disabled consumer (${consumer.name})`);
    const now = clock.now();
    if (record.expiresAt !== undefined && Date.parse(record.expiresAt) <= now)
      throw new Refusal(`the API key has expired (${consumer.name}, ${id})`);
    uses?.note(id, now);
    let identity = identities.get(consumer);
    if (identity === undefined) identities.set(consumer, (identity = identityOf(consumer)));
    return identity;
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
      const consumer = consumers.find(id);
      return consumer instanceof Promise ? consumer.then((found) => judge(key, id, found)) : judge(key, id, consumer);
    },
    start() {
      store.start();
      uses?.start();
    },
    close() {
      void (uses?.close() ?? Promise.resolve()).finally(() => store.close());
    },
  };
}

function identityOf({ name, scopes, plan, tenant }: Consumer): Identity {
  return makeIdentity({ kind: 'api_key', issuer: 'api_keys', subject: name, scopes, plan, tenant, claims: {} });
}
