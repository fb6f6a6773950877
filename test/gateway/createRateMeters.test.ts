import { describe, expect, test } from 'vitest';

import { createRateMeters } from '../../src/gateway/createRateMeters.js';
import type { Limiter } from '../../src/request/ratelimit/Limiter.js';
import { MemoryLimiter } from '../../src/request/ratelimit/MemoryLimiter.js';
import { handClock } from '../support/handClock.js';

const CEILING = { capacity: 3, intervalMs: 1000, onStoreFailure: 'allow' } as const;
const broken: Limiter = {
  spend: () => Promise.reject(new Error('no Redis')),
  adjust() {},
  close: () => Promise.resolve(),
};

function metersOn(limiter?: Limiter) {
  const clock = handClock();
  const substitute = new MemoryLimiter({ clock });
  return { clock, metersOf: createRateMeters(() => ({ limiter: limiter ?? substitute, substitute })) };
}

describe('the meter of a subgraph', () => {
  test('has room for its capacity in any stretch of its interval, and says when there is room again', () => {
    const { clock, metersOf } = metersOn();
    const meter = metersOf('stock', 'http://stock/', CEILING);
    const taken = [0, 400, 400, 100].map((waitMs) => {
      clock.turn(waitMs);
      return meter.take();
    });
    expect(taken).toEqual([undefined, undefined, undefined, 100]);
    clock.turn(100);
    expect(meter.take()).toBeUndefined();
    expect(meter.take()).toBe(400);
  });

  test('goes on counting in the next generation; another subgraph, and another place, are counted apart', () => {
    const { metersOf } = metersOn();
    const takeAll = (subgraph: string, place: string): unknown[] => {
      const meter = metersOf(subgraph, place, CEILING);
      return [1, 2, 3].map(() => meter.take());
    };
    const free = [undefined, undefined, undefined];
    expect(takeAll('stock', 'http://stock/')).toEqual(free);
    expect(takeAll('stock', 'http://stock/')).toEqual([1000, 1000, 1000]);
    expect(takeAll('other', 'http://stock/')).toEqual(free);
    expect(takeAll('stock', 'http://moved/')).toEqual(free);
  });

  test('counts in this process while the store fails', async () => {
    const { metersOf } = metersOn(broken);
    const meter = metersOf('stock', 'http://stock/', CEILING);
    const taken: unknown[] = [];
    for (let call = 0; call < 4; call++) taken.push(await meter.take());
    expect(taken).toEqual([undefined, undefined, undefined, 1000]);
  });

  test('lets nothing through meanwhile where that is declared', async () => {
    const { metersOf } = metersOn(broken);
    const meter = metersOf('stock', 'http://stock/', { ...CEILING, onStoreFailure: 'deny' });
    await expect(meter.take()).rejects.toMatchObject({ code: 'RATE_LIMITER_UNAVAILABLE' });
  });

  test('puts no URL into the store', () => {
    const keys: string[] = [];
    const noting: Limiter = {
      spend: (groups) => {
        keys.push(...groups.flatMap(({ claims }) => claims.map(({ key, rule }) => `${key} ${rule.name}`)));
        return [{ granted: 1, standings: [] }];
      },
      adjust() {},
      close: () => Promise.resolve(),
    };
    void metersOn(noting).metersOf('stock', 'http://stock/?key=secret', CEILING).take();
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toMatch(/http|secret/);
  });
});
