import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JSONWebKeySet, JWTPayload } from 'jose';

import type { Clock } from '../../base/kit/Clock.js';
import { systemClock } from '../../base/kit/Clock.js';
import { TEST_ISSUER } from './testIdentity.js';

export interface TestIssuerOptions {
  /** `iss` of its tokens. Default: `https://issuer.test`. */
  readonly issuer?: string | undefined;
  /** `aud` of its tokens. Default: none. */
  readonly audience?: string | readonly string[] | undefined;
  /** Default: `ES256`, the quickest to make keys for. */
  readonly algorithm?: 'ES256' | 'ES384' | 'EdDSA' | 'RS256' | 'PS256' | undefined;
  /** What `iat` and `exp` go by. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

export interface TestTokenOptions {
  /** Seconds until it expires; negative for one that has. Default 300. */
  readonly expiresInSeconds?: number | undefined;
  /** Headers of the token on top of `alg` and `kid`. */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/** An issuer of tokens for tests that go through the HTTP edge, with keys that nobody else has. */
export interface TestIssuer {
  readonly issuer: string;
  /** The public keys, newest first; serve or configure them where the gateway looks. */
  readonly jwks: JSONWebKeySet;
  /** A signed token. `scope` may be given as `scopes`, a list. */
  sign(claims?: JWTPayload & { readonly scopes?: readonly string[] }, options?: TestTokenOptions): Promise<string>;
  /** The same for a header: `{ authorization: 'Bearer …' }`. */
  headers(
    claims?: JWTPayload & { readonly scopes?: readonly string[] },
    options?: TestTokenOptions,
  ): Promise<{ readonly authorization: string }>;
  /** From now on another key signs; the old ones stay in `jwks`. */
  rotate(): Promise<void>;
}

/** Makes an issuer with one fresh key. */
export async function createTestIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const { issuer = TEST_ISSUER, audience, algorithm = 'ES256', clock = systemClock } = options;
  const jwks: { keys: JSONWebKeySet['keys'] } = { keys: [] };
  let current = await addKey();

  async function addKey(): Promise<{ readonly kid: string; readonly privateKey: CryptoKey }> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm);
    const kid = `test-key-${jwks.keys.length + 1}`;
    jwks.keys.unshift({ ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' });
    return { kid, privateKey };
  }

  const sign: TestIssuer['sign'] = async ({ scopes, ...claims } = {}, { expiresInSeconds = 300, header } = {}) => {
    const { kid, privateKey } = current;
    const now = Math.floor(clock.now() / 1000);
    return new SignJWT({
      iss: issuer,
      sub: 'test',
      ...(audience !== undefined && { aud: typeof audience === 'string' ? audience : [...audience] }),
      ...(scopes !== undefined && { scope: scopes.join(' ') }),
      iat: now,
      exp: now + expiresInSeconds,
      ...claims,
    })
      .setProtectedHeader({ ...header, alg: algorithm, kid })
      .sign(privateKey);
  };
  return {
    issuer,
    jwks,
    sign,
    headers: async (claims, more) => ({ authorization: `Bearer ${await sign(claims, more)}` }),
    async rotate() {
      current = await addKey();
    },
  };
}
