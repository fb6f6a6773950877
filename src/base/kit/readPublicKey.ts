import { createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

/** @param text PEM (a key, or a certificate with one), or a JWK as JSON; undefined is given for anything else */
export function readPublicKey(text: string): KeyObject | undefined {
  try {
    if (!text.trimStart().startsWith('{')) return createPublicKey(text);
    return createPublicKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}
