import { hashApiKey, makeApiKey } from './ApiKey.js';
import { MAX_KEYS } from './Consumer.js';
import type { Consumer, KeyRecord } from './Consumer.js';
import type { KeyDirectory } from './KeyStore.js';

/** What cannot be done, for the one who asked for it. */
export class KeyMistake extends Error {
  override readonly name = 'KeyMistake';
}

export interface NewConsumer {
  readonly name: string;
  readonly plan?: string | undefined;
  readonly tenant?: string | undefined;
  readonly scopes: readonly string[];
  /** For how long the key counts, in milliseconds; absent for ever. */
  readonly lifetimeMs?: number | undefined;
}

/** A key that is told once: nobody can find it out afterwards. */
export interface IssuedKey {
  readonly consumer: string;
  readonly id: string;
  readonly key: string;
  readonly expiresAt: string | undefined;
}

/** Makes a consumer and its first key. Errors: a KeyMistake when there is one of that name. */
export async function createConsumer(
  directory: KeyDirectory,
  pepper: string,
  { name, plan, tenant, scopes, lifetimeMs }: NewConsumer,
): Promise<IssuedKey> {
  const { record, key } = issue(pepper, lifetimeMs);
  await directory.change(name, (known) => {
    if (known !== undefined)
      throw new KeyMistake(`there is a consumer ${name} already; portico keys rotate gives it a new key`);
    return { name, plan, tenant, scopes: [...scopes], disabled: false, createdAt: record.createdAt, keys: [record] };
  });
  return { consumer: name, id: record.id, key, expiresAt: record.expiresAt };
}

/**
 * Gives a consumer a new key. The one before it counts for another `keepMs`; any older one stops counting at once.
 *
 * Errors: a KeyMistake when there is no such consumer.
 */
export async function rotateKey(
  directory: KeyDirectory,
  pepper: string,
  name: string,
  { keepMs, lifetimeMs }: { readonly keepMs: number; readonly lifetimeMs?: number | undefined },
): Promise<IssuedKey> {
  const { record, key } = issue(pepper, lifetimeMs);
  await directory.change(name, (known) => {
    const consumer = required(known, name);
    const former = consumer.keys.slice(0, MAX_KEYS - 1).map((each) => endingBy(each, Date.now() + keepMs));
    return { ...consumer, keys: [record, ...former] };
  });
  return { consumer: name, id: record.id, key, expiresAt: record.expiresAt };
}

/** Removes one key of a consumer, or the consumer with all keys. Errors: a KeyMistake when there is no such thing. */
export async function revokeKeys(directory: KeyDirectory, name: string, id: string | undefined): Promise<void> {
  await directory.change(name, (known) => {
    const consumer = required(known, name);
    if (id === undefined) return undefined;
    const keys = consumer.keys.filter((key) => key.id !== id);
    if (keys.length === consumer.keys.length) throw new KeyMistake(`consumer ${name} has no key ${id}`);
    return { ...consumer, keys };
  });
}

/** Switches all keys of a consumer off or on. Errors: a KeyMistake when there is no such consumer. */
export async function setDisabled(directory: KeyDirectory, name: string, disabled: boolean): Promise<void> {
  await directory.change(name, (known) => ({ ...required(known, name), disabled }));
}

function required(consumer: Consumer | undefined, name: string): Consumer {
  if (consumer === undefined) throw new KeyMistake(`there is no consumer ${name}`);
  return consumer;
}

function issue(pepper: string, lifetimeMs: number | undefined): { readonly record: KeyRecord; readonly key: string } {
  const { id, key } = makeApiKey();
  const now = Date.now();
  const expiresAt = lifetimeMs === undefined ? undefined : new Date(now + lifetimeMs).toISOString();
  return { key, record: { id, hash: hashApiKey(key, pepper), createdAt: new Date(now).toISOString(), expiresAt } };
}

function endingBy(key: KeyRecord, time: number): KeyRecord {
  if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= time) return key;
  return { ...key, expiresAt: new Date(time).toISOString() };
}
