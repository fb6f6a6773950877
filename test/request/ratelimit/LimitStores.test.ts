import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { loadOptions } from '../../../src/base/config/loadOptions.js';
import type { EngineSettings } from '../../../src/base/config/loadOptions.js';
import { notices } from '../../../src/base/telemetry/channels.js';
import { LimitStores } from '../../../src/request/ratelimit/LimitStores.js';
import { claim, group, rule } from './rules.js';

type Storage = NonNullable<NonNullable<EngineSettings['rateLimit']>['storage']>;
const settingsOf = (storage: Storage) => loadOptions({ rateLimit: { storage } }, 'test').config!.rateLimit.storage;

let told: string[] = [];
let stop: () => void;
beforeEach(() => {
  told = [];
  stop = notices.subscribe(({ level, message }) => level === 'warn' && told.push(message));
});
afterEach(() => stop());

describe('a store in memory', () => {
  test('warns once when there are more instances than one', () => {
    const stores = new LimitStores();
    stores.acquire(settingsOf({}));
    expect(told).toEqual([]);
    const { release } = new LimitStores().acquire(settingsOf({ instances: 3 }));
    release();
    const other = new LimitStores();
    for (const _ of [1, 2]) other.acquire(settingsOf({ instances: 3 }));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('together they let 3 times as much through');
  });

  test('goes on counting when only the number of instances is told anew', () => {
    const stores = new LimitStores();
    const spend = (storage: Storage) =>
      stores.acquire(settingsOf(storage)).limiter.spend([group([claim(rule())], { units: 4 })]);
    expect(spend({})).toMatchObject([{ granted: 4 }]);
    expect(spend({ instances: 2 })).toMatchObject([{ granted: 1 }]);
  });
});

test('REDIS-10: what was counted before a Redis that cannot be asked goes on counting, whatever was tried in between', async () => {
  const stores = new LimitStores();
  const redis = (port: number) => stores.acquire(settingsOf({ type: 'redis', urls: [`redis://127.0.0.1:${port}`] }));
  const limit = rule({ max: 5 });
  const spend = async ({ limiter }: ReturnType<typeof redis>, units: number): Promise<number> =>
    (await limiter.spend([group([claim(limit)], { units })]))[0]!.granted;
  const memory = stores.acquire(settingsOf({}));
  expect(await spend(memory, 2)).toBe(2);
  // A reload that fails gives its store back.
  redis(1).release();
  const second = redis(2);
  memory.release();
  expect(await spend(second, 1)).toBe(1);
  const third = redis(3);
  second.release();
  expect(await spend(third, 9)).toBe(2);
  third.release();
});

test('a store in Redis has nothing to warn of', () => {
  const urls = ['redis://127.0.0.1:1'];
  const { release } = new LimitStores().acquire(settingsOf({ type: 'redis', urls, instances: 3 }));
  release();
  expect(told.filter((message) => message.includes('instances'))).toEqual([]);
});
