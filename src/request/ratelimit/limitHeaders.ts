import type { LimitStatus } from './Charger.js';

/**
 * What the head of an answer says about limits. Names of policies alone: no key, no caller.
 *
 * Source: draft-ietf-httpapi-ratelimit-headers-10, structured fields (RFC 9651); `q` and `r` are units, `w` and `t` seconds.
 */
export function limitHeaders(statuses: readonly LimitStatus[]): Array<readonly [name: string, value: string]> {
  if (statuses.length === 0) return [];
  const policies = statuses.map(({ policy, max, windowMs }) => `"${policy}";q=${max};w=${seconds(windowMs)}`);
  const left = statuses.map(({ policy, remaining, resetMs }) => `"${policy}";r=${remaining};t=${seconds(resetMs)}`);
  return [
    ['ratelimit-policy', policies.join(', ')],
    ['ratelimit', left.join(', ')],
  ];
}

/** The value of `Retry-After` (RFC 9110, 10.2.3): whole seconds, never too early. */
export function retryAfterSeconds(retryAfterMs: number): number {
  return Math.max(1, seconds(retryAfterMs));
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
