import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

import { SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';

import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Clock } from '../../base/kit/Clock.js';
import { claimAt } from '../Identity.js';
import type { Identity } from '../Identity.js';

export interface IdentityTokenRules {
  /** Private: PEM (PKCS #8), or a JWK as JSON. */
  readonly key: string;
  readonly algorithm: string;
  readonly issuer: string;
  readonly audience?: string | undefined;
  readonly ttlMs: number;
  /** Where the public key is to be had; undefined: nowhere. */
  readonly jwksPath?: string | undefined;
  /** Claims to copy, by name. */
  readonly claims: readonly string[];
}

interface Issued {
  readonly token: string;
  /** Monotonic. */
  readonly since: number;
}

const MAX_TOKENS = 10_000;

/** Short-lived tokens that the gateway signs about identities, for subgraphs. One per identity, until half of its time is over. */
export class IdentityTokens {
  readonly #rules: IdentityTokenRules;
  readonly #clock: Clock;
  readonly #key: KeyObject;
  readonly #header: { readonly alg: string; readonly typ: 'JWT'; readonly kid?: string };
  /** The public key as a JWK set (RFC 7517) in JSON, and its path. */
  readonly published: { readonly path: string; readonly body: string } | undefined;
  readonly #issued = new LRUCache<string, Issued>({ max: MAX_TOKENS });
  readonly #signing = new Map<string, Promise<string>>();

  /** Errors: CONFIG_INVALID for a key that is none, or none for the algorithm. */
  constructor(rules: IdentityTokenRules, clock: Clock) {
    this.#rules = rules;
    this.#clock = clock;
    const { key, kid } = privateKeyFrom(rules.key);
    checkFits(key, rules.algorithm);
    this.#key = key;
    const { jwksPath: path, algorithm: alg } = rules;
    const jwk = {
      ...createPublicKey(key).export({ format: 'jwk' }),
      use: 'sig',
      alg,
      ...(kid !== undefined && { kid }),
    };
    this.published = path === undefined ? undefined : { path, body: JSON.stringify({ keys: [jwk] }) };
    this.#header = { alg: rules.algorithm, typ: 'JWT', ...(kid !== undefined && { kid }) };
  }

  /** The token about an identity; none about the anonymous. */
  tokenFor(identity: Identity): string | undefined | Promise<string> {
    if (identity.kind === 'anonymous') return undefined;
    const { key } = identity;
    const issued = this.#issued.get(key);
    if (issued !== undefined && this.#clock.monotonic() - issued.since < this.#rules.ttlMs / 2) return issued.token;
    let signing = this.#signing.get(key);
    if (signing === undefined) {
      signing = this.#sign(identity).finally(() => this.#signing.delete(key));
      this.#signing.set(key, signing);
    }
    return signing;
  }

  async #sign(identity: Identity): Promise<string> {
    const { issuer, audience, ttlMs, claims } = this.#rules;
    const now = Math.floor(this.#clock.now() / 1000);
    const copied = claims.map((name) => [name, claimAt(identity.claims, name)] as const);
    const { kind, subject, scopes, plan, tenant } = identity;
    const payload = {
      // First: what the gateway itself says goes before claims of the same names.
      ...Object.fromEntries(copied.filter(([, value]) => value !== undefined)),
      kind,
      scope: [...scopes].join(' '),
      plan,
      tenant,
      iss: issuer,
      sub: subject,
      aud: audience,
      iat: now,
      exp: now + Math.ceil(ttlMs / 1000),
    };
    const token = await new SignJWT(payload as Record<string, unknown>)
      .setProtectedHeader(this.#header)
      .sign(this.#key);
    this.#issued.set(identity.key, { token, since: this.#clock.monotonic() });
    return token;
  }
}

/** Kinds of keys by algorithm (RFC 7518, 3.1; RFC 8037, 3.1), as OpenSSL calls them. */
const KEYS: Readonly<Record<string, string>> = {
  RS256: 'rsa',
  PS256: 'rsa',
  ES256: 'ec prime256v1',
  ES384: 'ec secp384r1',
  EdDSA: 'ed25519',
};
const MIN_RSA_BITS = 2048;

/** Said at the start, not by every request. */
function checkFits({ asymmetricKeyType: type, asymmetricKeyDetails: details = {} }: KeyObject, name: string): void {
  const kind = [type, details.namedCurve].filter((part) => part !== undefined).join(' ');
  const isLong = type !== 'rsa' || (details.modulusLength ?? 0) >= MIN_RSA_BITS;
  if (kind === KEYS[name] && isLong) return;
  const needed = KEYS[name] === 'rsa' ? `rsa of at least ${MIN_RSA_BITS} bits` : KEYS[name];
  const message = `authentication.identity_token.key is a key of another kind (${kind}) than ${name} needs (${needed})`;
  throw new PorticoError('CONFIG_INVALID', message);
}

function privateKeyFrom(text: string): { readonly key: KeyObject; readonly kid: string | undefined } {
  try {
    if (!text.trimStart().startsWith('{')) return { key: createPrivateKey(text), kid: undefined };
    const jwk = JSON.parse(text) as JsonWebKey;
    return {
      key: createPrivateKey({ key: jwk, format: 'jwk' }),
      kid: typeof jwk['kid'] === 'string' ? jwk['kid'] : undefined,
    };
  } catch {
    // Without the cause: it may quote the key.
    const message = 'authentication.identity_token.key is neither a PEM nor a JWK of a private key';
    throw new PorticoError('CONFIG_INVALID', message);
  }
}
