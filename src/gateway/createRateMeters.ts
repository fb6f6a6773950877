import { createHash } from 'node:crypto';

import { PorticoError } from '../base/errors/PorticoError.js';
import type { Group, Limiter, Spending } from '../request/ratelimit/Limiter.js';
import type { LimitRule } from '../request/ratelimit/LimitRule.js';
import type { LimitStore } from '../request/ratelimit/LimitStores.js';
import { StoreFailures } from '../request/ratelimit/StoreFailures.js';
import type { RateCeiling, RateMeter, RateMeters } from '../upstream/resilience/RateMeter.js';

/**
 * Counts calls to subgraphs where the limits of clients are counted: for this machine, or for all gateways that share a Redis.
 *
 * @param store opened when the first ceiling asks for it
 */
export function createRateMeters(store: () => LimitStore): RateMeters {
  const failures = new StoreFailures();
  return (subgraph, place, ceiling) => createMeter(ruleOf(subgraph, ceiling), keyOf(place), ceiling, store(), failures);
}

function createMeter(
  rule: LimitRule,
  key: string,
  { onStoreFailure }: RateCeiling,
  { limiter, substitute }: LimitStore,
  failures: StoreFailures,
): RateMeter {
  const groups: readonly Group[] = [
    { units: 1, decides: true, claims: [{ rule, key, tenant: '', cost: 1, readOnly: false }] },
  ];
  const instead = (cause: unknown): number | undefined | Promise<number | undefined> => {
    failures.note(cause);
    if (onStoreFailure === 'deny') {
      throw new PorticoError('RATE_LIMITER_UNAVAILABLE', `calls of ${rule.name} cannot be counted`, { cause });
    }
    return take(substitute, groups);
  };
  return {
    take() {
      const taken = take(limiter, groups);
      return taken instanceof Promise ? taken.catch(instead) : taken;
    },
  };
}

function take(limiter: Limiter, groups: readonly Group[]): number | undefined | Promise<number | undefined> {
  const spendings = limiter.spend(groups);
  return spendings instanceof Promise ? spendings.then(waitOf) : waitOf(spendings);
}

function waitOf([spending]: readonly Spending[]): number | undefined {
  return spending!.granted > 0 ? undefined : spending!.standings[0]!.retryAfterMs;
}

/** A colon keeps it apart from the names that policies can have. */
function ruleOf(subgraph: string, { capacity, intervalMs }: RateCeiling): LimitRule {
  return {
    name: `subgraph:${subgraph}`,
    algorithm: 'sliding_window',
    max: capacity,
    windowMs: intervalMs,
    burst: capacity,
    calendar: undefined,
    countRejected: false,
  };
}

/** A digest: there may be keys in the query string of a URL. */
function keyOf(place: string): string {
  return createHash('sha256').update(place).digest('base64url').slice(0, 22);
}
