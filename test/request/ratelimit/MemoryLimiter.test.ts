import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Algorithm, LimitRule } from '../../../src/request/ratelimit/LimitRule.js';
import { stampResolutionMs } from '../../../src/request/ratelimit/LimitRule.js';
import { MemoryLimiter } from '../../../src/request/ratelimit/MemoryLimiter.js';
import { handClock } from '../../support/handClock.js';
import { limitModel } from './limitModel.js';
import { claim, group, rule } from './rules.js';

const ALGORITHMS: readonly Algorithm[] = ['sliding_window', 'token_bucket', 'fixed_window'];

function limiterAt(clock = handClock()) {
  return { clock, limiter: new MemoryLimiter({ clock }) };
}

describe('what is given back', () => {
  const steps = fc.array(fc.tuple(fc.nat(3_000), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 30 });
  const numbers = fc.record({ max: fc.integer({ min: 1, max: 300 }), windowMs: fc.integer({ min: 1, max: 9_000 }) });

  test.each(ALGORITHMS)('%s stands as if it had never been taken, when it is given back at once', (algorithm) => {
    fc.assert(
      fc.property(steps, numbers, (timeline, given) => {
        const { clock, limiter } = limiterAt();
        const other = new MemoryLimiter({ clock });
        const limit = rule({ algorithm, burst: 20, ...given });
        for (const [waitMs, cost] of timeline) {
          clock.turn(waitMs);
          const passing = claim(limit, { cost });
          const spending = limiter.spend([group([passing])])[0]!;
          if (spending.granted > 0) limiter.adjust([{ claim: passing, units: -cost, at: spending.standings[0]!.at }]);
          const both = [limiter, other].map((each) => each.spend([group([claim(limit)])])[0]!);
          expect(both[0]!.granted).toBe(both[1]!.granted);
          expect(both[0]!.standings[0]!.remaining).toBe(both[1]!.standings[0]!.remaining);
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each(['sliding_window', 'fixed_window'] as const)(
    '%s never lets more through than if it had not been taken, whenever it is given back',
    (algorithm) => {
      fc.assert(
        fc.property(steps, numbers, fc.nat(30), (timeline, given, later) => {
          const { clock, limiter } = limiterAt();
          const other = new MemoryLimiter({ clock });
          const limit = rule({ algorithm, burst: 20, ...given });
          const taken = claim(limit, { cost: 5 });
          const spending = limiter.spend([group([taken])])[0]!;
          timeline.forEach(([waitMs, cost], index) => {
            if (index === later % timeline.length && spending.granted > 0)
              limiter.adjust([{ claim: taken, units: -5, at: spending.standings[0]!.at }]);
            clock.turn(waitMs);
            const passing = limiter.spend([group([claim(limit, { cost })])])[0]!;
            // What passed in one is taken in the other, which must have had room for it.
            if (passing.granted > 0) expect(other.spend([group([claim(limit, { cost })])])[0]!.granted).toBe(1);
          });
        }),
        { numRuns: 300 },
      );
    },
  );

  test('a bucket lets no more than its burst and what it refills through, whatever is given back', () => {
    fc.assert(
      fc.property(steps, numbers, fc.integer({ min: 1, max: 20 }), (timeline, given, burst) => {
        const { clock, limiter } = limiterAt();
        const limit = rule({ algorithm: 'token_bucket', burst, ...given });
        const startedAt = clock.now();
        let used = 0;
        for (const [waitMs, cost] of timeline) {
          const passing = claim(limit, { cost });
          const spending = limiter.spend([group([passing])])[0]!;
          clock.turn(waitMs);
          if (spending.granted === 0) continue;
          const back = waitMs % (cost + 1);
          if (back > 0) limiter.adjust([{ claim: passing, units: -back, at: spending.standings[0]!.at }]);
          used += cost - back;
          const refilled = ((clock.now() - startedAt) * limit.max) / limit.windowMs;
          expect(used).toBeLessThanOrEqual(burst + refilled + 1e-6);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('every algorithm', () => {
  test.each(ALGORITHMS)('%s lets through what its model lets through, over any timeline', (algorithm) => {
    const timelines = fc.array(fc.tuple(fc.nat(3_000), fc.integer({ min: 1, max: 7 })), { maxLength: 60 });
    const rules = fc.record({
      max: fc.nat(12),
      burst: fc.integer({ min: 1, max: 20 }),
      windowMs: fc.integer({ min: 1, max: 9_000 }),
    });
    fc.assert(
      fc.property(timelines, rules, (timeline, numbers) => {
        const { clock, limiter } = limiterAt();
        const limit = rule({ algorithm, ...numbers });
        const model = limitModel(limit);
        for (const [waitMs, units] of timeline) {
          clock.turn(waitMs);
          const granted = limiter.spend([group([claim(limit)], { units })])[0]!.granted;
          expect(granted).toBe(limit.max === 0 ? 0 : model(units, clock.now()));
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each(ALGORITHMS)(
    '%s has room for one when the time it names has passed, and not a moment before',
    (algorithm) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 12 }),
          fc.integer({ min: 100, max: 9_000 }),
          fc.nat(5_000),
          (max, windowMs, startMs) => {
            const { clock, limiter } = limiterAt();
            const limit = rule({ algorithm, max, burst: max, windowMs });
            const spend = () => limiter.spend([group([claim(limit)])])[0]!;
            clock.turn(startMs);
            for (let left = max; left > 0; left--) {
              expect(spend().granted).toBe(1);
              clock.turn(1);
            }
            const { granted, standings } = spend();
            if (granted === 1) return;
            const waitMs = Math.ceil(standings[0]!.retryAfterMs);
            clock.turn(waitMs - 2);
            if (waitMs > 2) expect(spend().granted).toBe(0);
            clock.turn(2);
            expect(spend().granted).toBe(1);
          },
        ),
      );
    },
  );

  test.each(ALGORITHMS)('%s with a maximum of 0 lets nothing through and never says when', (algorithm) => {
    const { limiter } = limiterAt();
    const [spending] = limiter.spend([group([claim(rule({ algorithm, max: 0, burst: 1 }))])]);
    expect(spending).toMatchObject({ granted: 0, standings: [{ remaining: 0, retryAfterMs: Infinity }] });
  });
});

describe('a sliding window', () => {
  test('RL-09: never lets more than its maximum through in any stretch of the window, however large the maximum', () => {
    const timelines = fc.array(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 500 })), { maxLength: 80 });
    fc.assert(
      fc.property(timelines, fc.integer({ min: 1, max: 2_000 }), (timeline, max) => {
        const { clock, limiter } = limiterAt();
        const limit = rule({ max, windowMs: 5_000 });
        const grants: Array<readonly [number, number]> = [];
        for (const [waitMs, units] of timeline) {
          clock.turn(waitMs);
          const now = clock.now();
          const within = (ms: number): number =>
            grants.filter(([at]) => at > now - ms).reduce((sum, [, many]) => sum + many, 0);
          const { granted } = limiter.spend([group([claim(limit)], { units })])[0]!;
          expect(within(5_000) + granted).toBeLessThanOrEqual(max);
          // Nor does it hold places back longer than it says.
          expect(granted).toBeGreaterThanOrEqual(Math.min(units, max - within(5_000 + stampResolutionMs(limit))));
          grants.push([now, granted]);
        }
      }),
    );
  });
});

describe('a calendar window', () => {
  test('begins anew with the month, whatever its length', () => {
    const clock = handClock(Date.UTC(2028, 1, 29, 23, 59, 59));
    const { limiter } = limiterAt(clock);
    const limit = rule({ algorithm: 'fixed_window', calendar: 'month', windowMs: 31 * 86_400_000, max: 1 });
    const spend = () => limiter.spend([group([claim(limit)])])[0]!;
    expect(spend().granted).toBe(1);
    expect(spend()).toMatchObject({ granted: 0, standings: [{ retryAfterMs: 1000 }] });
    clock.turn(1000);
    expect(spend().granted).toBe(1);
  });
});

describe('groups', () => {
  const five = rule();

  test('RL-03: of thirty times the same field five pass and twenty-five are refused', () => {
    const { limiter } = limiterAt();
    expect(limiter.spend([group([claim(five)], { units: 30 })])[0]).toMatchObject({ granted: 5 });
  });

  test('take nothing from one limit for what another refuses', () => {
    const { limiter } = limiterAt();
    const two = rule({ name: 'two', max: 2 });
    const [both] = limiter.spend([group([claim(five), claim(two)], { units: 4 })]);
    expect(both).toMatchObject({ granted: 2, standings: [{ remaining: 3 }, { remaining: 0 }] });
  });

  test('that decide refuse the whole request, and charge nothing for the rest of it', () => {
    const { limiter } = limiterAt();
    const one = rule({ name: 'whole', max: 1 });
    const request = [group([claim(one)], { decides: true }), group([claim(five)], { units: 2 })];
    expect(limiter.spend(request).map(({ granted }) => granted)).toEqual([1, 2]);
    expect(limiter.spend(request).map(({ granted }) => granted)).toEqual([0, 0]);
    expect(limiter.spend([group([claim(five)], { units: 9 })])[0]!.granted).toBe(3);
  });

  test('that cost several units pass as long as all of them fit', () => {
    const { limiter } = limiterAt();
    expect(limiter.spend([group([claim(five, { cost: 2 })], { units: 3 })])[0]).toMatchObject({
      granted: 2,
      standings: [{ remaining: 1 }],
    });
  });

  test('that only look take nothing, and are refused when nothing is left', () => {
    const { limiter } = limiterAt();
    const look = group([claim(five, { readOnly: true })]);
    for (let left = 9; left > 0; left--) expect(limiter.spend([look])[0]!.granted).toBe(1);
    limiter.spend([group([claim(five)], { units: 5 })]);
    expect(limiter.spend([look])[0]!.granted).toBe(0);
  });

  test('whose refusals count are refused for as long as somebody keeps trying', () => {
    const { clock, limiter } = limiterAt();
    const strict = rule({ countRejected: true });
    limiter.spend([group([claim(strict)], { units: 5 })]);
    for (let left = 20; left > 0; left--) {
      clock.turn(2_000);
      expect(limiter.spend([group([claim(strict)], { units: 5 })])[0]!.granted).toBe(0);
    }
    clock.turn(10_100);
    expect(limiter.spend([group([claim(strict)])])[0]!.granted).toBe(1);
  });

  test('of others are counted apart', () => {
    const { limiter } = limiterAt();
    limiter.spend([group([claim(five)], { units: 5 })]);
    expect(limiter.spend([group([claim(five, { key: 'grace' })])])[0]!.granted).toBe(1);
  });
});

describe('memory', () => {
  const flood = (limiter: MemoryLimiter, limit: LimitRule, count: number, tenant: string): void => {
    for (let each = 0; each < count; each++) limiter.spend([group([claim(limit, { key: `caller ${each}`, tenant })])]);
  };

  test('stays within its bound under any number of made-up callers, and says how many it had to forget', () => {
    const limiter = new MemoryLimiter({ maxBytes: 4_000_000, clock: handClock() });
    flood(limiter, rule(), 300_000, '');
    expect(limiter.bytes).toBeLessThanOrEqual(4_000_000);
    expect(limiter.bytes).toBeGreaterThan(1_000_000);
    expect(limiter.evictions).toBeGreaterThan(250_000);
  });

  test('of a flood is taken from the flood: the counters of other tenants stay', () => {
    const limiter = new MemoryLimiter({ maxBytes: 1_000_000, clock: handClock() });
    const limit = rule();
    limiter.spend([group([claim(limit, { tenant: 'acme' })], { units: 5 })]);
    flood(limiter, limit, 50_000, '');
    expect(limiter.spend([group([claim(limit, { tenant: 'acme' })])])[0]!.granted).toBe(0);
  });

  test('is given back as windows end', () => {
    const clock = handClock();
    const limiter = new MemoryLimiter({ clock });
    flood(limiter, rule(), 1_000, '');
    const full = limiter.bytes;
    clock.turn(30_000);
    flood(limiter, rule(), 10, '');
    expect(limiter.bytes).toBeLessThan(full / 50);
    expect(limiter.evictions).toBe(0);
  });
});
