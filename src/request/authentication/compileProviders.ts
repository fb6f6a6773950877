import { createHttpClient } from '../../base/http/createHttpClient.js';
import type { HttpClient } from '../../base/http/createHttpClient.js';
import type { Config } from '../../base/config/configSchema.js';
import { ASYMMETRIC_ALGORITHMS } from '../../base/config/sections/authentication/jwt.js';
import type { Clock } from '../../base/kit/Clock.js';
import { RedisConnection } from '../../base/storage/RedisConnection.js';
import { createApiKeyProvider } from './apiKeys/createApiKeyProvider.js';
import { FileKeyStore } from './apiKeys/FileKeyStore.js';
import { redisKeyStore } from './apiKeys/redisKeys.js';
import { createExternalProvider } from './createExternalProvider.js';
import { createTokenProvider } from './createTokenProvider.js';
import type { JwtChecking, OpaqueChecking } from './createTokenProvider.js';
import { createTrustedHeaderProvider } from './createTrustedHeaderProvider.js';
import { IdentityTokens } from './IdentityTokens.js';
import { IntrospectionVerifier } from './IntrospectionVerifier.js';
import { JwtVerifier } from './JwtVerifier.js';
import { FileKeySet } from './keySets/FileKeySet.js';
import type { KeySet } from './keySets/KeySet.js';
import { RemoteKeySet } from './keySets/RemoteKeySet.js';
import { staticKeySet } from './keySets/staticKeySet.js';
import type { Provider } from './Provider.js';
import type { Resources } from './Resources.js';
import { VerdictCache } from './VerdictCache.js';

export type AuthenticationSettings = Config['authentication'];
type KeySetSettings = NonNullable<AuthenticationSettings['jwt']>['jwks'][number];

/** With a secret and nothing said. */
const SYMMETRIC = ['HS256'];

/**
 * The providers that a configuration names, in the order in which they count. Whatever has the same settings as before (key sets, caches,
 * stores) is the same as before.
 *
 * Errors: CONFIG_INVALID for keys and files that cannot be used.
 */
export function compileProviders(
  settings: AuthenticationSettings,
  resources: Resources,
  clock: Clock,
): readonly Provider[] {
  const { sources, jwt, introspection, apiKeys, external, trustedHeaders } = settings;
  const providers: Provider[] = [];
  if (jwt !== undefined || introspection !== undefined) {
    providers.push(
      createTokenProvider({
        sources,
        jwt: jwt && jwtChecking(jwt, resources, clock),
        introspection: introspection && opaqueChecking(introspection, resources, clock),
      }),
    );
  }
  if (apiKeys !== undefined) providers.push(resources.take('api_keys', apiKeys, () => apiKeyProvider(apiKeys, clock)));
  if (external !== undefined) {
    const http = httpOf(resources);
    const make = (): Provider => {
      const parts = { cache: verdictCache(external, clock), http, clock };
      return createExternalProvider({ ...external, timeoutMs: external.timeout }, parts);
    };
    providers.push(resources.take('external', external, make));
  }
  if (trustedHeaders !== undefined) providers.push(createTrustedHeaderProvider(trustedHeaders));
  return providers;
}

/** What signs tokens for subgraphs, if a configuration says so. Errors: CONFIG_INVALID. */
export function compileIdentityTokens(
  { identityToken }: AuthenticationSettings,
  resources: Resources,
  clock: Clock,
): IdentityTokens | undefined {
  if (identityToken === undefined) return undefined;
  const { ttl, ...rules } = identityToken;
  return resources.take('identity_token', identityToken, () => new IdentityTokens({ ...rules, ttlMs: ttl }, clock));
}

function jwtChecking(jwt: NonNullable<AuthenticationSettings['jwt']>, resources: Resources, clock: Clock): JwtChecking {
  const issuers = jwt.jwks.map((set) => ({
    keys: keySetOf(set, resources, clock),
    issuers: set.issuers,
    audiences: set.audiences,
    algorithms: set.algorithms ?? (set.secret === undefined ? ASYMMETRIC_ALGORITHMS : SYMMETRIC),
  }));
  return resources.take('jwt', jwt, () => ({
    verifier: new JwtVerifier(issuers, { ...jwt, leewayMs: jwt.leeway }, clock),
    cache: new VerdictCache({ clock, ttlMs: jwt.cacheTtl }),
    maxTokenBytes: jwt.maxTokenSize,
  }));
}

/** Issuers, audiences and algorithms are not part of the resource: changing them forgets no keys. */
function keySetOf(set: KeySetSettings, resources: Resources, clock: Clock): KeySet {
  const { url, file, key, secret, headers, pollInterval, cooldown, maxStale, timeout, maxSize } = set;
  const origin = { url, file, key, secret, headers, pollInterval, cooldown, maxStale, timeout, maxSize };
  const http = url === undefined ? undefined : httpOf(resources);
  return resources.take('keys', origin, () => {
    if (file !== undefined) return new FileKeySet(file);
    if (url === undefined || http === undefined) return staticKeySet({ key, secret });
    return new RemoteKeySet({
      url,
      headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      pollMs: pollInterval,
      cooldownMs: cooldown,
      maxStaleMs: maxStale,
      timeoutMs: timeout,
      maxBytes: maxSize,
      http,
      clock,
    });
  });
}

function opaqueChecking(
  rules: NonNullable<AuthenticationSettings['introspection']>,
  resources: Resources,
  clock: Clock,
): OpaqueChecking {
  const http = httpOf(resources);
  return resources.take('introspection', rules, () => ({
    verifier: new IntrospectionVerifier({ ...rules, timeoutMs: rules.timeout }, http, clock),
    cache: verdictCache(rules, clock),
  }));
}

function verdictCache(
  rules: Pick<NonNullable<AuthenticationSettings['introspection']>, 'cacheTtl' | 'onUnavailable' | 'maxStale'>,
  clock: Clock,
): VerdictCache {
  const maxStaleMs = rules.onUnavailable === 'use_cached' ? rules.maxStale : 0;
  return new VerdictCache({ clock, ttlMs: rules.cacheTtl, maxStaleMs });
}

function apiKeyProvider(settings: NonNullable<AuthenticationSettings['apiKeys']>, clock: Clock): Provider {
  const { header, pepper, file, redis, recordUse } = settings;
  const store =
    redis === undefined
      ? new FileKeyStore(file!)
      : redisKeyStore(
          new RedisConnection({ urls: [redis.url], purpose: 'API keys', commandTimeoutMs: redis.timeout, lazy: true }),
          redis.prefix,
        );
  const maxStaleMs = redis?.onUnavailable === 'use_cached' ? redis.maxStale : 0;
  return createApiKeyProvider({ header, pepper, maxStaleMs, recordUseMs: recordUse }, store, clock);
}

/** One client for all questions: sockets outlive a reload. */
function httpOf(resources: Resources): HttpClient {
  return resources.take('http', {}, createHttpClient);
}
