import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { RedisConnection } from '../../src/base/storage/RedisConnection.js';
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
