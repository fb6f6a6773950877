import type { Claim, Group } from '../../../src/request/ratelimit/Limiter.js';
import type { LimitRule } from '../../../src/request/ratelimit/LimitRule.js';

export function rule(given: Partial<LimitRule> = {}): LimitRule {
  const max = given.max ?? 5;
  const defaults = {
    name: 'Mutation.login',
    algorithm: 'sliding_window',
    windowMs: 10_000,
    calendar: undefined,
  } as const;
  return { ...defaults, max, burst: max, countRejected: false, ...given };
}

export function claim(of: LimitRule, given: Partial<Claim> = {}): Claim {
  return { rule: of, key: 'ada', tenant: '', cost: 1, readOnly: false, ...given };
}

export function group(claims: readonly Claim[], given: Partial<Group> = {}): Group {
  return { units: 1, claims, decides: false, ...given };
}
