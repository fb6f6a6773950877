import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** `ptk_`, an id of 12 hexadecimal digits, and 32 random bytes: secret scanners know it, and look-ups need no secret. */
const FORM = /^ptk_([0-9a-f]{12})_[\w-]{43}$/;

/** A new key. It has 256 random bits, so one HMAC protects it as well as a slow hash protects a password. */
export function makeApiKey(): { readonly id: string; readonly key: string } {
  const id = randomBytes(6).toString('hex');
  return { id, key: `ptk_${id}_${randomBytes(32).toString('base64url')}` };
}

/** The id in a key; undefined for a text that is no key. */
export function apiKeyId(key: string): string | undefined {
  return FORM.exec(key)?.[1];
}

export function hashApiKey(key: string, pepper: string): string {
  return createHmac('sha256', pepper).update(key).digest('hex');
}

/** Compares in a time that says nothing about how much is equal. */
export function isHashOf(hash: string, key: string, pepper: string): boolean {
  return timingSafeEqual(Buffer.from(hash, 'hex'), createHmac('sha256', pepper).update(key).digest());
}
