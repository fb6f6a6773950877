import type { Adjustment, Claim, Group, Spending, Standing } from '../Limiter.js';
import { stampResolutionMs } from '../LimitRule.js';
import type { LimitRule } from '../LimitRule.js';
import { windowEnd } from '../meters/fixedWindow.js';

const DAY_MS = 86_400_000;

/** What SPEND_SCRIPT reads. */
export interface EncodedGroups {
  readonly keys: readonly string[];
  readonly args: ReadonlyArray<string | number>;
}

/** @param now by our clock: calendar windows around it are offered, the script takes the one of its own clock */
export function encodeGroups(groups: readonly Group[], keyOf: (claim: Claim) => string, now: number): EncodedGroups {
  const keys: string[] = [];
  const numbers = new Map<string, number>();
  const args: Array<string | number> = [groups.length];
  for (const { units, decides, claims } of groups) {
    args.push(units, decides ? 1 : 0, claims.length);
    for (const claim of claims) {
      const key = keyOf(claim);
      let at = numbers.get(key);
      if (at === undefined) numbers.set(key, (at = keys.push(key)));
      const { rule, cost, readOnly } = claim;
      args.push(at, cost, rule.algorithm, rule.max, rule.windowMs, parameterOf(rule, now));
      args.push(rule.countRejected ? 1 : 0, readOnly ? 1 : 0);
    }
  }
  return { keys, args };
}

/** What ADJUST_SCRIPT reads. */
export function encodeAdjustments(
  adjustments: readonly Adjustment[],
  keyOf: (claim: Claim) => string,
  now: number,
): EncodedGroups {
  return {
    keys: adjustments.map(({ claim }) => keyOf(claim)),
    args: adjustments.flatMap(({ claim: { rule }, units, at }) => [
      rule.algorithm,
      rule.max,
      rule.windowMs,
      parameterOf(rule, now),
      units,
      at,
    ]),
  };
}

function parameterOf(rule: LimitRule, now: number): string | number {
  switch (rule.algorithm) {
    case 'token_bucket':
      return rule.burst;
    case 'sliding_window':
      return stampResolutionMs(rule);
    case 'fixed_window':
      return rule.calendar === undefined ? '' : boundaries(rule, now).join();
  }
}

/** The end of yesterday's window, of today's and of tomorrow's: clocks may differ by some of a day. */
function boundaries(rule: LimitRule, now: number): readonly number[] {
  const end = windowEnd(rule, now);
  return [windowEnd(rule, now - DAY_MS), end, windowEnd(rule, end)];
}

/** Reads SPEND_SCRIPT's answer. Errors: throws when it is not one. */
export function decodeSpendings(answer: unknown, groups: readonly Group[]): Spending[] {
  const numbers = answer as readonly unknown[];
  const clock = Number(numbers[0]);
  if (!Number.isFinite(clock)) throw new Error('Redis gave no answer of the rate limit script');
  let at = 1;
  const next = (): number => {
    const value = numbers[at++];
    if (typeof value !== 'number') throw new Error('Redis gave no answer of the rate limit script');
    return value;
  };
  return groups.map(({ claims }) => {
    const granted = next();
    const standings = claims.map((): Standing => {
      const remaining = next();
      const wait = next();
      return { remaining, retryAfterMs: wait < 0 ? Infinity : wait, resetMs: next(), at: clock };
    });
    return { granted, standings };
  });
}
