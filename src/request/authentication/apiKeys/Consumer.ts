/** A program that calls us, and its keys. As it is kept in a store. */
export interface Consumer {
  readonly name: string;
  readonly plan?: string | undefined;
  readonly tenant?: string | undefined;
  readonly scopes: readonly string[];
  /** Whether none of its keys counts. */
  readonly disabled: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Newest first; at most MAX_KEYS. */
  readonly keys: readonly KeyRecord[];
}

/** One key. The key itself is nowhere. */
export interface KeyRecord {
  /** What the key begins with, after the mark. */
  readonly id: string;
  /** HMAC-SHA-256 of the whole key with the pepper, hexadecimal. */
  readonly hash: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601; absent for never. */
  readonly expiresAt?: string | undefined;
}

/** One in use, and its successor while a consumer changes over. */
export const MAX_KEYS = 2;

const NAME = /^[\w.@-]{1,100}$/;
const ID = /^[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
/** RFC 6749, 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

export function isConsumerName(name: string): boolean {
  return NAME.test(name);
}

export function isScope(scope: string): boolean {
  return SCOPE.test(scope);
}

/** Reads a consumer from a store. Errors: an Error that says what is wrong, without hashes. */
export function readConsumer(value: unknown): Consumer {
  if (typeof value !== 'object' || value === null) throw new Error('a consumer is no object');
  const { name, plan, tenant, scopes = [], disabled = false, createdAt, keys } = value as Record<string, unknown>;
  if (typeof name !== 'string' || !NAME.test(name)) throw new Error('a consumer has no usable name');
  const about = `consumer ${name}`;
  if (!isOptionalText(plan) || !isOptionalText(tenant)) throw new Error(`${about}: plan and tenant are texts`);
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string' && SCOPE.test(scope)))
    throw new Error(`${about}: scopes are a list of texts without spaces`);
  if (typeof disabled !== 'boolean') throw new Error(`${about}: disabled is true or false`);
  if (!Array.isArray(keys)) throw new Error(`${about}: keys are missing`);
  return {
    name,
    plan,
    tenant,
    scopes: scopes as string[],
    disabled,
    createdAt: typeof createdAt === 'string' ? createdAt : '',
    keys: keys.map((key) => readKey(key, about)),
  };
}

function readKey(value: unknown, about: string): KeyRecord {
  const { id, hash, createdAt, expiresAt } = (value ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || !ID.test(id)) throw new Error(`${about}: a key has no usable id`);
  if (typeof hash !== 'string' || !HASH.test(hash)) throw new Error(`${about}: key ${id} has no usable hash`);
  if (expiresAt !== undefined && (typeof expiresAt !== 'string' || Number.isNaN(Date.parse(expiresAt))))
    throw new Error(`${about}: key ${id} has an end that is no date`);
  return { id, hash, createdAt: typeof createdAt === 'string' ? createdAt : '', expiresAt };
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '');
}
