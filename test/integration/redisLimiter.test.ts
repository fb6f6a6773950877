import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RedisConnection } from '../../src/base/storage/RedisConnection.js';
import type { Group, Spending } from '../../src/request/ratelimit/Limiter.js';
import type { Algorithm } from '../../src/request/ratelimit/LimitRule.js';
import { RedisLimiter } from '../../src/request/ratelimit/redis/RedisLimiter.js';
import { claim, group, rule } from '../request/ratelimit/rules.js';
import { hasRedis, startRedis, startRedisCluster } from '../support/redisServer.js';
import type { RedisServer } from '../support/redisServer.js';

const ALGORITHMS: readonly Algorithm[] = ['sliding_window', 'token_bucket', 'fixed_window'];
const LONG_MS = 3_600_000;

let prefixes = 0;

/** Several gateways that share their limits. */
function gateways(count: number, connect: () => RedisConnection) {
  const keyPrefix = `test${prefixes++}:`;
  const connections = Array.from({ length: count }, connect);
  const limiters = connections.map((scripts) => new RedisLimiter({ scripts, keyPrefix }));
  return {
    keyPrefix,
    limiters,
    spend: async (groups: readonly Group[]) => limiters[0]!.spend(groups),
    close: () => connections.forEach((connection) => connection.close()),
    ready: async () => {
      while (!connections.every(({ isReady }) => isReady)) await new Promise((resolve) => void setTimeout(resolve, 10));
    },
  };
}

describe.skipIf(!hasRedis())('limits in Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  const connect = () => new RedisConnection({ urls: [redis.url], purpose: 'tests', commandTimeoutMs: 5_000 });

  test.each(ALGORITHMS)(
    'RL-02: four gateways with 64 callers each let exactly 1,000 through a %s of 1,000',
    async (algorithm) => {
      const { limiters, ready, close } = gateways(4, connect);
      await ready();
      const limit = rule({ algorithm, max: 1_000, burst: 1_000, windowMs: 100 * LONG_MS });
      let granted = 0;
      const note = ([spending]: readonly Spending[]): void => void (granted += spending!.granted);
      const hammer = async (limiter: RedisLimiter): Promise<void> => {
        for (let left = 8; left > 0; left--) note(await limiter.spend([group([claim(limit)])]));
      };
      await Promise.all(limiters.flatMap((limiter) => Array.from({ length: 64 }, () => hammer(limiter))));
      close();
      expect(granted).toBe(1_000);
    },
  );

  test('decides like the limiter in memory whatever is asked', async () => {
    const { MemoryLimiter } = await import('../../src/request/ratelimit/MemoryLimiter.js');
    const rules = ALGORITHMS.flatMap((algorithm) =>
      [false, algorithm !== 'token_bucket'].map((countRejected, index) =>
        rule({ algorithm, countRejected, name: `${algorithm}${index}`, max: 7, burst: 4, windowMs: 100 * LONG_MS }),
      ),
    );
    const claims = fc
      .record({
        at: fc.nat(rules.length - 1),
        key: fc.constantFrom('ada', 'gr{ac}e'),
        cost: fc.nat(3),
        readOnly: fc.boolean(),
      })
      .map(({ at, ...given }) => claim(rules[at]!, given));
    const groups = fc
      .record({
        claims: fc.uniqueArray(claims, { maxLength: 3, selector: (each) => `${each.rule.name} ${each.key}` }),
        units: fc.integer({ min: 1, max: 4 }),
        decides: fc.boolean(),
      })
      .map((given) => group(given.claims, given));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(groups, { maxLength: 4 }), { maxLength: 8 }), async (requests) => {
        const shared = gateways(1, connect);
        await shared.ready();
        const memory = new MemoryLimiter();
        for (const request of requests) {
          const expected = memory.spend(request);
          const actual = await shared.spend(request);
          expect(actual.map(({ granted }) => granted)).toEqual(expected.map(({ granted }) => granted));
          expect(actual.map(remaining)).toEqual(expected.map(remaining));
        }
        shared.close();
      }),
      { numRuns: 60 },
    );
  });

  test('corrects like the limiter in memory, and leaves nothing without an expiry', async () => {
    const { MemoryLimiter } = await import('../../src/request/ratelimit/MemoryLimiter.js');
    const corrections = fc.array(
      fc.record({ cost: fc.integer({ min: 1, max: 9 }), units: fc.integer({ min: -9, max: 9 }) }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ALGORITHMS), corrections, async (algorithm, steps) => {
        const shared = gateways(1, connect);
        await shared.ready();
        const memory = new MemoryLimiter();
        const limit = rule({ algorithm, name: algorithm, max: 50, burst: 50, windowMs: 100 * LONG_MS });
        for (const { cost, units } of steps) {
          const asked = claim(limit, { cost });
          const [expected] = memory.spend([group([asked])]);
          const [actual] = await shared.spend([group([asked])]);
          expect(actual!.granted).toBe(expected!.granted);
          expect(remaining(actual!)).toEqual(remaining(expected!));
          if (units === 0 || actual!.granted === 0) continue;
          // Nobody gives back more than was taken.
          const change = Math.max(units, -cost);
          memory.adjust([{ claim: asked, units: change, at: expected!.standings[0]!.at }]);
          await shared.limiters[0]!.adjust([{ claim: asked, units: change, at: actual!.standings[0]!.at }]);
        }
        const ttl = await connectAndAsk(redis, shared.keyPrefix, algorithm);
        expect(ttl).not.toBe(-1);
        shared.close();
      }),
      { numRuns: 40 },
    );
  });

  test('RL-11: no counter is ever without an expiry', async () => {
    const { spend, ready, close, keyPrefix } = gateways(1, connect);
    await ready();
    for (const algorithm of ALGORITHMS) {
      await spend([group([claim(rule({ algorithm, name: algorithm }))], { units: 3 })]);
      const ttl = await connectAndAsk(redis, keyPrefix, algorithm);
      expect(ttl).toBeGreaterThan(0);
      expect(ttl).toBeLessThanOrEqual(11_000);
    }
    close();
  });

  test('no window is said to be longer than it is', async () => {
    const shared = gateways(1, connect);
    await shared.ready();
    const limit = rule({ algorithm: 'sliding_window', name: 'said', max: 50, windowMs: LONG_MS });
    for (let n = 0; n < 20; n++) {
      const [spent] = await shared.spend([group([claim(limit, { key: `caller ${n}` })])]);
      expect(spent!.standings[0]!.resetMs).toBeLessThanOrEqual(LONG_MS);
    }
    shared.close();
  });

  test('a place is free again when the window has passed', async () => {
    const { spend, ready, close } = gateways(1, connect);
    await ready();
    for (const algorithm of ALGORITHMS) {
      const limit = rule({ algorithm, name: algorithm, max: 1, burst: 1, windowMs: 200 });
      const request = [group([claim(limit)])];
      let refused = (await spend(request))[0]!;
      while (refused.granted > 0) refused = (await spend(request))[0]!;
      await new Promise((resolve) => void setTimeout(resolve, refused.standings[0]!.retryAfterMs + 2));
      expect((await spend(request))[0]!.granted, algorithm).toBe(1);
    }
    close();
  });
});

function remaining({ standings }: { readonly standings: ReadonlyArray<{ readonly remaining: number }> }): number[] {
  return standings.map((standing) => standing.remaining);
}

async function connectAndAsk(redis: RedisServer, keyPrefix: string, name: string): Promise<number> {
  const { Redis } = await import('ioredis');
  const client = new Redis(redis.url);
  const ttl = await client.pttl(`${keyPrefix}{ada}:${name}`);
  client.disconnect();
  return ttl;
}

describe.skipIf(!hasRedis())('limits in a Redis Cluster', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.close());
  const connect = () =>
    new RedisConnection({
      urls: cluster.nodes.map(({ url }) => url),
      cluster: true,
      purpose: 'tests',
      commandTimeoutMs: 5_000,
    });

  test('are exact for callers in one slot, and give back what another slot refused', async () => {
    const { spend, ready, close } = gateways(1, connect);
    await ready();
    for (const algorithm of ALGORITHMS) {
      const wide = rule({ algorithm, name: `wide ${algorithm}`, max: 10, burst: 10, windowMs: LONG_MS });
      const narrow = rule({ algorithm, name: `narrow ${algorithm}`, max: 2, burst: 2, windowMs: LONG_MS });
      const both = group([claim(wide, { key: 'ada' }), claim(narrow, { key: 'target 17' })], { units: 5 });
      expect((await spend([both]))[0]!.granted).toBe(2);
      // Three were given back.
      expect((await spend([group([claim(wide, { key: 'ada' })], { units: 20 })]))[0]!.granted).toBe(8);
    }
    close();
  });

  test('correct what was taken, each limit in its slot', async () => {
    const { limiters, spend, ready, close } = gateways(1, connect);
    await ready();
    for (const algorithm of ALGORITHMS) {
      const limit = rule({ algorithm, name: `points ${algorithm}`, max: 50, burst: 50, windowMs: 100 * LONG_MS });
      const asked = ['ada', 'target 17'].map((key) => claim(limit, { key, cost: 20 }));
      const [taken] = await spend([group(asked)]);
      expect(taken!.granted).toBe(1);
      const at = taken!.standings.map((standing) => standing.at);
      await limiters[0]!.adjust([
        { claim: asked[0]!, units: -15, at: at[0]! },
        { claim: asked[1]!, units: 9, at: at[1]! },
      ]);
      const [left] = await spend([group(asked.map((each) => ({ ...each, cost: 1, readOnly: true })))]);
      expect(remaining(left!), algorithm).toEqual([45, 21]);
    }
    close();
  });

  test('four gateways let exactly 1,000 through', async () => {
    const { limiters, ready, close } = gateways(4, connect);
    await ready();
    const limit = rule({ max: 1_000, windowMs: LONG_MS });
    let granted = 0;
    const note = ([spending]: readonly Spending[]): void => void (granted += spending!.granted);
    const hammer = async (limiter: RedisLimiter): Promise<void> => {
      for (let left = 6; left > 0; left--) note(await limiter.spend([group([claim(limit)])]));
    };
    await Promise.all(limiters.flatMap((limiter) => Array.from({ length: 64 }, () => hammer(limiter))));
    close();
    expect(granted).toBe(1_000);
  });
});
