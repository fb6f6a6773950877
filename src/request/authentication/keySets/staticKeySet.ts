import { PorticoError } from '../../../base/errors/PorticoError.js';
import { readPublicKey } from '../../../base/kit/readPublicKey.js';
import type { KeySet, VerificationKey } from './KeySet.js';

/** One key, from the configuration. Errors: CONFIG_INVALID for a text that is no public key. */
export function staticKeySet({
  key,
  secret,
}: {
  readonly key?: string | undefined;
  readonly secret?: string | undefined;
}): KeySet {
  const keys: readonly VerificationKey[] = [
    secret === undefined ? publicKeyFrom(key ?? '') : new TextEncoder().encode(secret),
  ];
  const found = Promise.resolve(keys);
  return { version: 0, candidates: () => found, start() {}, close() {} };
}

function publicKeyFrom(text: string): VerificationKey {
  const key = readPublicKey(text);
  if (key !== undefined) return key;
  throw new PorticoError('CONFIG_INVALID', 'authentication.jwt.jwks: key is neither a PEM nor a JWK of a public key');
}
