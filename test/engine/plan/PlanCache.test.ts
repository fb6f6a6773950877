import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { PlanCache } from '../../../src/engine/plan/PlanCache.js';
import type { PlanRequest } from '../../../src/engine/plan/Planner.js';

const forever = new Lifetime(Infinity);
const key = (document: string, variant = '') => ({ document, variant });
const request = (text: string, ...labels: string[]): PlanRequest => ({ text, labels });

/** A cache whose plans are made when the test says so. */
function setUp(options: { maxBytes?: number; maxVariants?: number; size?: number } = {}) {
  const made: Array<{
    request: PlanRequest;
    lifetime: Lifetime;
    resolve: (plan: { plan: string }) => void;
    reject: (error: Error) => void;
  }> = [];
  const cache = new PlanCache<{ plan: string }>({
    ...options,
    make: (each, lifetime) =>
      new Promise((resolve, reject) => {
        made.push({ request: each, lifetime, resolve, reject });
      }),
    sizeOf: () => options.size ?? 1,
  });
  const fill = async (document: string, variant = ''): Promise<void> => {
    const got = cache.get(key(document, variant), request(document), forever);
    made.at(-1)!.resolve({ plan: document });
    await got;
  };
  return { cache, made, fill };
}

describe('PlanCache', () => {
  it('makes one plan for all that ask at the same time, and keeps it', async () => {
    const { cache, made } = setUp();
    const all = [1, 2, 3].map(() => cache.get(key('a'), request('a'), forever));
    expect(made).toHaveLength(1);
    made[0]!.resolve({ plan: 'A' });
    expect(await Promise.all(all)).toEqual([{ plan: 'A' }, { plan: 'A' }, { plan: 'A' }]);
    expect(await cache.get(key('a'), request('a'), forever)).toEqual({ plan: 'A' });
    expect(cache.peek(key('a'))).toEqual({ plan: 'A' });
    expect(cache.peek(key('a', 'other'))).toBeUndefined();
    expect(made).toHaveLength(1);
  });

  it('does not keep a failure', async () => {
    const { cache, made } = setUp();
    const first = cache.get(key('a'), request('a'), forever);
    made[0]!.reject(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    const second = cache.get(key('a'), request('a'), forever);
    made[1]!.resolve({ plan: 'A' });
    expect(await second).toEqual({ plan: 'A' });
  });

  it('lets a caller go whose time is over, and ends the making with the last one', async () => {
    const { cache, made } = setUp();
    const [one, two] = [new Lifetime(Infinity), new Lifetime(Infinity)];
    const first = cache.get(key('a'), request('a'), one);
    const second = cache.get(key('a'), request('a'), two);
    one.end('deadline');
    await expect(first).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' });
    expect(made[0]!.lifetime.ended).toBeUndefined();
    two.end('cancelled');
    await expect(second).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
    expect(made[0]!.lifetime.ended).toBe('cancelled');
    // A new caller does not join what is being given up.
    const third = cache.get(key('a'), request('a'), forever);
    made[0]!.reject(new Error('given up'));
    made[1]!.resolve({ plan: 'A' });
    expect(await third).toEqual({ plan: 'A' });
  });

  it('is bounded in bytes, and what does not fit at all is answered without being kept (DOS-05)', async () => {
    const { cache, fill } = setUp({ maxBytes: 100, size: 40 });
    for (const document of ['a', 'b', 'c']) await fill(document);
    expect([cache.size, cache.bytes]).toEqual([2, 80]);
    expect(cache.peek(key('a'))).toBeUndefined();
    const small = setUp({ maxBytes: 10, size: 40 });
    await small.fill('a');
    expect(small.cache.size).toBe(0);
  });

  it('keeps a number of variants per document: the least recently used goes, other documents stay', async () => {
    const { cache, fill } = setUp({ maxVariants: 2 });
    await fill('a', '1');
    await fill('b', '1');
    await fill('a', '2');
    cache.peek(key('a', '1'));
    await fill('a', '3');
    expect(['1', '2', '3'].map((variant) => cache.peek(key('a', variant)) !== undefined)).toEqual([true, false, true]);
    expect(cache.peek(key('b', '1'))).toBeDefined();
  });

  it('knows the hottest requests', async () => {
    const { cache, fill } = setUp();
    for (const document of ['cold', 'hot', 'warm']) await fill(document);
    for (let i = 0; i < 3; i += 1) cache.peek(key('hot'));
    cache.peek(key('warm'));
    expect(cache.hottest(2)).toEqual([request('hot'), request('warm')]);
  });
});
