import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { loadOptions } from '../../src/base/config/loadOptions.js';
import { RedisConnection } from '../../src/base/storage/RedisConnection.js';
import { notices } from '../../src/base/telemetry/channels.js';
import { LimitStores } from '../../src/request/ratelimit/LimitStores.js';
import { claim, group, rule } from '../request/ratelimit/rules.js';
import { hasRedis, startRedis } from '../support/redisServer.js';
import type { RedisServer } from '../support/redisServer.js';

const DEADLINE_MS = 100;
const WAIT = { timeout: 20_000 };

describe.skipIf(!hasRedis())('a Redis connection', { timeout: 60_000 }, () => {
  let redis: RedisServer;
  let connection: RedisConnection | undefined;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(() => connection?.close());
  afterAll(() => redis.close());
  const connect = (url = redis.url) =>
    (connection = new RedisConnection({ urls: [url], purpose: 'tests', commandTimeoutMs: DEADLINE_MS }));
  const ping = async (): Promise<unknown> => connection!.call('PING').catch((error: Error) => error.message);

  test('REDIS-01: to a server that is down at the start fails at once, and is used when the server comes up', async () => {
    await redis.kill();
    connect();
    expect(await ping()).toBe('Redis for tests is out of reach');
    await redis.restart();
    await expect.poll(ping, WAIT).toBe('PONG');
  });

  test('REDIS-03: to a server that is silent makes few commands wait, and recovers by itself', async () => {
    connect();
    await expect.poll(ping, WAIT).toBe('PONG');
    redis.pause();
    const answers: unknown[] = [];
    while (answers.length < 50) answers.push(await ping());
    redis.resume();
    const waited = answers.filter((answer) => answer === `Redis for tests did not answer within ${DEADLINE_MS} ms`);
    expect(waited.length).toBeGreaterThan(0);
    expect(waited.length).toBeLessThanOrEqual(4);
    expect(answers).not.toContain('PONG');
    await expect.poll(ping, WAIT).toBe('PONG');
  });

  test('REDIS-10: with a wrong password names no secret', async () => {
    connect(redis.url.replace('redis://', 'redis://somebody:hunter2@'));
    const error: unknown = await connection!.ready(300).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const answer = await ping();
    expect(`${String(error)} ${String(answer)}`).not.toMatch(/hunter2|127\.0\.0\.1/);
    expect(answer).not.toBe('PONG');
  });
});

describe.skipIf(!hasRedis())('REDIS-10: a reload with other credentials', { timeout: 60_000 }, () => {
  test('goes on where limits were counted until they work, and names no secret', async () => {
    const redis = await startRedis(['--requirepass', 'first-secret']);
    const admin = new Redis(redis.url, { password: 'first-secret' });
    const told: string[] = [];
    const stop = notices.subscribe(({ message, error }) => void told.push(message, String((error as Error)?.stack)));
    const stores = new LimitStores();
    const acquire = (password: string) => {
      const urls = [redis.url.replace('redis://', `redis://:${password}@`)];
      // Another prefix: what is counted anew is seen to be.
      const storage = { type: 'redis', urls, keyPrefix: `${password}:`, timeout: '5s' } as const;
      return stores.acquire(loadOptions({ rateLimit: { storage } }, 'test').config!.rateLimit.storage);
    };
    const limit = rule({ max: 5, windowMs: 3_600_000 });
    const pass = async ({ limiter }: ReturnType<typeof acquire>, units: number): Promise<unknown> => {
      const spendings = await Promise.resolve(limiter.spend([group([claim(limit)], { units })])).catch(() => undefined);
      return spendings?.[0]!.granted;
    };
    const before = acquire('first-secret');
    await expect.poll(() => pass(before, 3), WAIT).toBe(3);
    const after = acquire('second-secret');
    // The generation before has ended.
    before.release();
    expect(await pass(after, 1)).toBe(1);
    await expect.poll(() => told.join(), WAIT).toContain('out of reach');
    expect(await pass(after, 5)).toBe(1);
    await admin.config('SET', 'requirepass', 'second-secret');
    await expect.poll(() => pass(after, 5), WAIT).toBe(5);
    const clients = async () =>
      String(await admin.client('LIST'))
        .trim()
        .split('\n').length;
    await expect.poll(clients, WAIT).toBe(2);
    after.release();
    await expect.poll(clients, WAIT).toBe(1);
    expect(told.join()).not.toMatch(/first-secret|second-secret/);
    stop();
    admin.disconnect();
    await redis.close();
  });
});
