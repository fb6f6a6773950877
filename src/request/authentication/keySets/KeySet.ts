import { createLocalJWKSet, errors } from 'jose';
import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWSHeaderParameters, KeyObject } from 'jose';

import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import { parseObject } from '../parseObject.js';
import { Refusal } from '../Refusal.js';

export type VerificationKey = CryptoKey | KeyObject | Uint8Array;

/** The keys of an issuer. */
export interface KeySet {
  /** Changes when the keys do: what was verified before has to be verified again. */
  readonly version: number;
  /**
   * The keys that may have signed a token with this header; more than one when it names none.
   *
   * Errors: a Refusal when there is none; Unavailable when nobody knows.
   */
  candidates(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<readonly VerificationKey[]>;
  /** Begins to fetch and to follow. */
  start(): void;
  close(): void;
}

/** Keys of a published set; more are a mistake or an attack. */
const MAX_KEYS = 200;
/** A token without a key id is tried with no more keys than this: each try costs a verification. */
const MAX_CANDIDATES = 4;
/** Public members (RFC 7517, RFC 7518); everything else in a key is none of our business, above all private members and URLs. */
const PUBLIC_MEMBERS = ['kty', 'kid', 'use', 'key_ops', 'alg', 'crv', 'x', 'y', 'n', 'e'] as const;

export type FindKeys = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<readonly VerificationKey[]>;

/** A published key set, read. */
export interface ReadKeySet {
  /** Keys that can be used. */
  readonly size: number;
  /** Errors: a Refusal when no key fits. */
  readonly find: FindKeys;
}

/**
 * Reads a JSON Web Key Set (RFC 7517, 5). Symmetric keys in it are left out: a secret that is published is none.
 *
 * Errors: an Error for anything that is not a key set.
 */
export function readKeySet(text: string): ReadKeySet {
  const { keys: published } = parseObject(text);
  if (!Array.isArray(published)) throw new Error('it is no key set (JWKS)');
  if (published.length > MAX_KEYS) throw new Error(`it has more than ${MAX_KEYS} keys`);
  const keys = published.filter(isPublicKey).map(publicMembers);
  const find = createLocalJWKSet({ keys } as JSONWebKeySet);
  return {
    size: keys.length,
    async find(header, token) {
      try {
        return [await find(header, token)];
      } catch (error) {
        if (error instanceof errors.JWKSMultipleMatchingKeys) {
          const several: VerificationKey[] = [];
          for await (const key of error) if (several.push(key) >= MAX_CANDIDATES) break;
          return several;
        }
        // Unknown, of another type, or unusable: whatever it is, this token is verified by nothing that we have.
        throw new Refusal('no key of the issuer fits the token', { cause: error });
      }
    },
  };
}

type Members = Readonly<Record<string, unknown>>;

function isPublicKey(key: unknown): key is Members {
  if (!isJsonObject(key)) return false;
  const { kty, use } = key;
  return (kty === 'RSA' || kty === 'EC' || kty === 'OKP') && (use === undefined || use === 'sig');
}

function publicMembers(key: Members): Members {
  return Object.fromEntries(PUBLIC_MEMBERS.filter((name) => Object.hasOwn(key, name)).map((name) => [name, key[name]]));
}
