import { identitiesAgree } from './identitiesAgree.js';
import { compileTokenSource } from './findTokens.js';
import type { TokenSource } from './findTokens.js';
import type { IntrospectionVerifier } from './IntrospectionVerifier.js';
import { looksLikeJwt } from './JwtVerifier.js';
import type { JwtVerifier } from './JwtVerifier.js';
import type { Identity } from '../Identity.js';
import type { Provider } from './Provider.js';
import { Refusal } from './Refusal.js';
import type { VerdictCache } from './VerdictCache.js';

/** Verifies tokens that can be read. */
export interface JwtChecking {
  readonly verifier: JwtVerifier;
  readonly cache: VerdictCache;
  readonly maxTokenBytes: number;
}

/** Asks about tokens that cannot. */
export interface OpaqueChecking {
  readonly verifier: IntrospectionVerifier;
  readonly cache: VerdictCache;
}

export interface TokenProviderParts {
  readonly sources: readonly TokenSource[];
  readonly jwt: JwtChecking | undefined;
  readonly introspection: OpaqueChecking | undefined;
}

/** Longer ones are refused unsent. */
const MAX_OPAQUE_BYTES = 8192;

/**
 * Bearer tokens (RFC 6750): what looks like a JWT is verified as one, everything else is asked about. Tokens at several places must all be good
 * and name the same subject; the first place counts.
 */
export function createTokenProvider({ sources, jwt, introspection }: TokenProviderParts): Provider {
  const finders = sources.map(compileTokenSource);
  const scheme = sources.find(({ header }) => header !== undefined)?.prefix ?? '';

  const judge = (token: string): Identity | Promise<Identity> => {
    if (jwt !== undefined && (introspection === undefined || looksLikeJwt(token))) {
      if (token.length > jwt.maxTokenBytes) throw new Refusal('the token is too long');
      if (!looksLikeJwt(token)) throw new Refusal('the token is not a signed JWT');
      const { verifier, cache } = jwt;
      return cache.judge(token, verifier.epoch, () => verifier.verify(token));
    }
    if (introspection === undefined) throw new Refusal('there is nobody to ask about the token');
    if (token.length > MAX_OPAQUE_BYTES) throw new Refusal('the token is too long');
    const { verifier, cache } = introspection;
    return cache.judge(token, 0, () => verifier.verify(token));
  };

  const judgeAll = async (tokens: readonly string[]): Promise<Identity> => {
    const [first, ...others] = await Promise.all(tokens.map(async (token) => judge(token)));
    if (!others.every((other) => identitiesAgree(first!, other)))
      throw new Refusal('tokens at several places name different subjects');
    return first!;
  };

  return {
    name: 'token',
    challenge: scheme === '' || scheme.toLowerCase() === 'bearer' ? 'Bearer' : scheme,
    identify(request) {
      let first: string | undefined;
      let others: string[] | undefined;
      for (let index = 0; index < finders.length; index++) {
        const token = finders[index]!(request);
        if (token === undefined || token === first) continue;
        if (first === undefined) first = token;
        else (others ??= []).push(token);
      }
      if (first === undefined) return undefined;
      return others === undefined ? judge(first) : judgeAll([first, ...others]);
    },
    start() {},
    close() {},
  };
}
