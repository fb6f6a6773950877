import { errors, jwtVerify } from 'jose';
import type { JWTPayload, JWSHeaderParameters } from 'jose';

import type { Clock } from '../../base/kit/Clock.js';
import { isJsonObject } from '../../base/kit/isJsonObject.js';
import { identityFrom } from './makeIdentity.js';
import type { ClaimNames } from './makeIdentity.js';
import type { KeySet, VerificationKey } from './keySets/KeySet.js';
import { Refusal } from './Refusal.js';
import type { Verdict } from './VerdictCache.js';

/** An issuer's rules. */
export interface TrustedIssuer {
  readonly keys: KeySet;
  /** Undefined where there is one issuer and `iss` is not looked at. */
  readonly issuers: readonly string[] | undefined;
  readonly audiences: readonly string[] | undefined;
  readonly algorithms: readonly string[];
}

export interface JwtRules extends ClaimNames {
  readonly leewayMs: number;
  /** Besides `exp`. */
  readonly requiredClaims: readonly string[];
  readonly types: readonly string[];
}

/** Three parts of base64url (RFC 7515, 3.1). Five parts are encrypted, which nobody asked for. */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function looksLikeJwt(token: string): boolean {
  return COMPACT_JWS.test(token);
}

/**
 * Verifies signed tokens (RFC 7519, RFC 8725). Algorithm, key, issuer, audience and times follow from the configuration; of the token only
 * `iss` is used to choose among configured issuers, and `kid` among the keys of that one.
 */
export class JwtVerifier {
  readonly #issuers: readonly TrustedIssuer[];
  readonly #byName: ReadonlyMap<string, TrustedIssuer>;
  readonly #rules: JwtRules;
  readonly #types: ReadonlySet<string>;
  readonly #clock: Clock;

  constructor(issuers: readonly TrustedIssuer[], rules: JwtRules, clock: Clock) {
    this.#issuers = issuers;
    this.#byName = new Map(issuers.flatMap((issuer) => (issuer.issuers ?? []).map((name) => [name, issuer] as const)));
    this.#rules = rules;
    this.#types = new Set(rules.types.map(typeName));
    this.#clock = clock;
  }

  /** Changes whenever keys do. HOT: once per request with a token. */
  get epoch(): number {
    let sum = 0;
    for (let index = 0; index < this.#issuers.length; index++) sum += this.#issuers[index]!.keys.version;
    return sum;
  }

  /** Errors: a Refusal, Unavailable. */
  async verify(token: string): Promise<Verdict> {
    const [head = '', body = '', signature = ''] = token.split('.');
    const header = readPart(head) as JWSHeaderParameters;
    // An extension that is not understood makes a token invalid (RFC 7515, 4.1.11), and we understand none.
    if ('crit' in header || 'b64' in header) throw new Refusal('the token needs an extension');
    if (header.typ !== undefined && !(typeof header.typ === 'string' && this.#types.has(typeName(header.typ))))
      throw new Refusal('the token is of another type');
    const issuer = this.#issuerOf(readPart(body));
    if (typeof header.alg !== 'string' || !issuer.algorithms.includes(header.alg))
      throw new Refusal('the token is signed with an algorithm that is not allowed');
    if (header.kid !== undefined && typeof header.kid !== 'string') throw new Refusal('the token names no key');
    // `jwk`, `jku`, `x5u` and `x5c` stay behind: only these two say anything about a key.
    const hint = header.kid === undefined ? { alg: header.alg } : { alg: header.alg, kid: header.kid };
    const keys = await issuer.keys.candidates(hint, { protected: head, payload: body, signature });
    const payload = await this.#check(token, keys, issuer);
    return {
      identity: identityFrom('jwt', typeof payload.iss === 'string' ? payload.iss : undefined, payload, this.#rules),
      expiresAt: payload.exp! * 1000 + this.#rules.leewayMs,
    };
  }

  #issuerOf(claims: JWTPayload): TrustedIssuer {
    const only = this.#issuers[0];
    if (this.#issuers.length === 1 && only?.issuers === undefined) return only!;
    const issuer = typeof claims.iss === 'string' ? this.#byName.get(claims.iss) : undefined;
    if (issuer === undefined) throw new Refusal('the token is from an issuer that is not known');
    return issuer;
  }

  async #check(token: string, keys: readonly VerificationKey[], issuer: TrustedIssuer): Promise<JWTPayload> {
    const { leewayMs, requiredClaims } = this.#rules;
    const now = this.#clock.now();
    const options = {
      algorithms: [...issuer.algorithms],
      requiredClaims: ['exp', ...requiredClaims],
      clockTolerance: leewayMs / 1000,
      currentDate: new Date(now),
      ...(issuer.issuers !== undefined && { issuer: [...issuer.issuers] }),
      ...(issuer.audiences !== undefined && { audience: [...issuer.audiences] }),
    };
    let failure: unknown;
    for (const key of keys) {
      try {
        const { payload } = await jwtVerify(token, key, options);
        if (payload.iat !== undefined && payload.iat * 1000 > now + leewayMs)
          throw new Refusal('the token is from the future');
        // That there is a claim says nothing yet.
        const missing = requiredClaims.find((name) => isNothing(payload[name]));
        if (missing !== undefined) throw new Refusal(`the token says nothing in a required claim (${missing})`);
        return payload;
      } catch (error) {
        failure = error;
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
      }
    }
    if (failure instanceof Refusal) throw failure;
    // Only the kind of the failure: its text can hold what stands in the token.
    const code = failure instanceof errors.JOSEError ? failure.code : 'ERR_KEY';
    const claim = failure instanceof errors.JWTClaimValidationFailed ? ` (${failure.claim})` : '';
    throw new Refusal(`the token is not valid: ${code}${claim}`);
  }
}

function isNothing(claim: unknown): boolean {
  return claim === undefined || claim === null || claim === '';
}

/** `JWT`, `jwt` and `application/jwt` are the same (RFC 7515, 4.1.9). */
function typeName(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}

function readPart(part: string): Record<string, unknown> {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    if (isJsonObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new Refusal('the token cannot be read');
}
