import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { notices } from '../../src/base/telemetry/channels.js';
import type { Notice } from '../../src/base/telemetry/channels.js';
import { startLimitedGateway } from '../support/limitedGateway.js';
import type { LimitedGateway, LimitedSettings } from '../support/limitedGateway.js';
import { startRedisProxy } from '../support/redisProxy.js';
import type { RedisProxy } from '../support/redisProxy.js';
import { hasRedis, startRedis } from '../support/redisServer.js';
import type { RedisServer } from '../support/redisServer.js';

const WAIT = { timeout: 20_000, interval: 50 };
const LOGIN = 'mutation { login(email: "ada@example.org") }';
const SEARCH = '{ search(q: "x") free }';
/** Fails closed: what it says tells whether Redis is asked. */
const isAsked = async (gateway: LimitedGateway): Promise<boolean> => {
  const { code } = await gateway.ask(`mutation { login(email: "probe ${Math.random()}") }`);
  return code !== 'RATE_LIMITER_UNAVAILABLE';
};

let prefixes = 0;
const gateways: LimitedGateway[] = [];

function storage(urls: readonly string[], more: object = {}): NonNullable<LimitedSettings['rateLimit']> {
  // Long enough that a stalled machine is not taken for a silent Redis.
  return { storage: { type: 'redis', urls: [...urls], keyPrefix: `fault${prefixes++}:`, timeout: '2s', ...more } };
}

async function start(rateLimit: LimitedSettings['rateLimit'], more: LimitedSettings = {}): Promise<LimitedGateway> {
  const gateway = await startLimitedGateway({ rateLimit, ...more });
  gateways.push(gateway);
  return gateway;
}

async function startAsked(rateLimit: LimitedSettings['rateLimit'], more?: LimitedSettings): Promise<LimitedGateway> {
  const gateway = await start(rateLimit, more);
  await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
  return gateway;
}

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
});

describe.skipIf(!hasRedis())('a gateway whose Redis', { timeout: 120_000 }, () => {
  let redis: RedisServer;
  let proxy: RedisProxy;
  let told: Notice[] = [];
  let stopListening: () => void;
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startRedisProxy(redis.port);
    stopListening = notices.subscribe((notice) => told.push(notice));
  });
  beforeEach(() => {
    proxy.pass();
    told = [];
  });
  afterAll(async () => {
    stopListening();
    await proxy.close();
    await redis.close();
  });

  const admin = async (...command: string[]): Promise<unknown> => {
    const client = new Redis(redis.url);
    try {
      return await client.call(command[0]!, ...command.slice(1));
    } finally {
      client.disconnect();
    }
  };

  /** RL-13: what must hold while Redis cannot be asked. */
  async function expectFallback(gateway: LimitedGateway): Promise<void> {
    const { calls } = gateway;
    const before = calls.length;
    const refused = await gateway.ask(LOGIN);
    expect(refused).toMatchObject({ status: 200, code: 'RATE_LIMITER_UNAVAILABLE', json: { data: null } });
    expect(calls.length).toBe(before);
    // Counted in the process meanwhile: five pass.
    expect(await gateway.passes(8, SEARCH)).toBe(5);
    expect((await gateway.ask(SEARCH)).json.data).toEqual({ search: null, free: 'free' });
    expect(JSON.stringify(refused.json)).not.toMatch(/redis|127\.0\.0\.1|store/i);
  }

  test('RL-13, REDIS-01 is down at the start serves all the same, each limit as it declares; when it comes up it is used', async () => {
    await redis.kill();
    const gateway = await start(storage([redis.url]));
    expect((await fetch(new URL('/ready', gateway.url))).status).toBe(200);
    await expectFallback(gateway);
    expect(told.map(({ message }) => message)).toContain('Redis for rate limits is out of reach');
    await redis.restart();
    await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
    // Nothing of what was counted meanwhile is in Redis.
    expect(await gateway.passes(7, SEARCH)).toBe(5);
  });

  test('REDIS-02 is killed under load fails no request that limits allow, and is used again after its return', async () => {
    const gateway = await startAsked(storage([redis.url]));
    let isOver = false;
    const codes = new Set<unknown>();
    const client = async (number: number): Promise<void> => {
      for (let at = 0; !isOver; at++) {
        const { status, code, json } = await gateway.ask(`{ search(q: "${number} ${at}") free }`, { 'x-a': 'b' });
        codes.add(code);
        expect([status, json.data?.['free']]).toEqual([200, 'free']);
      }
    };
    const load = Promise.all(Array.from({ length: 16 }, (_, number) => client(number)));
    await redis.kill();
    await expect.poll(() => isAsked(gateway), WAIT).toBe(false);
    await redis.restart();
    await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
    isOver = true;
    await load;
    expect([...codes].filter((code) => code !== undefined && code !== 'RATE_LIMITED')).toEqual([]);
  });

  test('REDIS-03 is paused makes few requests wait, and the others none; it is used again when it goes on', async () => {
    const gateway = await startAsked(storage([redis.url], { timeout: '200ms' }));
    redis.pause();
    const waits: number[] = [];
    for (let left = 40; left > 0; left--) {
      const startedAt = performance.now();
      await gateway.ask(SEARCH);
      waits.push(performance.now() - startedAt);
    }
    // One a second may wait for the deadline, besides the first three.
    expect(waits.filter((waitMs) => waitMs >= 190).length).toBeLessThan(20);
    expect((await gateway.ask(LOGIN)).code).toBe('RATE_LIMITER_UNAVAILABLE');
    redis.resume();
    await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
  });

  test('REDIS-03 answers later than its deadline is as good as silent, one that is merely slow is not', async () => {
    const gateway = await startAsked(storage([proxy.url], { timeout: '1s' }));
    proxy.delay(50);
    expect(await gateway.passes(3, LOGIN)).toBe(3);
    proxy.delay(3000);
    await expect.poll(() => isAsked(gateway), WAIT).toBe(false);
    await expectFallback(gateway);
    proxy.pass();
    await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
    expect(told.some(({ message }) => message === 'The rate limit store did not answer')).toBe(true);
  });

  test('REDIS-03 never answers, with commands under way, is given up, and connected to again', async () => {
    const gateway = await startAsked(storage([proxy.url], { timeout: '300ms' }));
    const { ended } = proxy;
    proxy.swallow();
    const answers = await Promise.all(Array.from({ length: 50 }, () => gateway.ask(SEARCH)));
    expect(answers.filter(({ code }) => code === undefined)).toHaveLength(5);
    await expect.poll(() => proxy.ended, WAIT).toBeGreaterThan(ended);
    proxy.pass();
    await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
  });

  test('REDIS-05 is cut off in the middle of commands counts none of them twice', async () => {
    const gateway = await startAsked(storage([proxy.url]));
    for (let round = 0; round < 3; round++) {
      const asked = Array.from({ length: 20 }, () => gateway.ask(LOGIN));
      proxy.cut();
      await Promise.all(asked);
      await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
    }
    expect(
      gateway.calls.filter(({ text }) => text.includes('login') && text.includes('ada')).length,
    ).toBeLessThanOrEqual(5);
  });

  test.each([
    ['an error', '-ERR something is wrong\r\n'],
    ['that it loads', '-LOADING Redis is loading the dataset in memory\r\n'],
    ['that it is read-only', "-READONLY You can't write against a read only replica.\r\n"],
    ['something else', '$5\r\nhello\r\n'],
    ['a list of something else', '*3\r\n$1\r\na\r\n:1\r\n:2\r\n'],
    ['too short a list', '*1\r\n:1\r\n'],
    ['nothing', '_\r\n'],
    ['no RESP at all', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('REDIS-06 answers %s is not believed', async (_what, bytes) => {
    const gateway = await startAsked(storage([proxy.url], { timeout: '500ms' }));
    proxy.answer(bytes);
    await expectFallback(gateway);
    proxy.pass();
    await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
  });

  test('REDIS-06 holds garbage where counters should be begins anew and locks nobody out', async () => {
    const rateLimit = storage([redis.url]);
    const policies = (['sliding_window', 'token_bucket', 'fixed_window'] as const).map((algorithm) => ({
      name: algorithm,
      algorithm,
      max: 3,
      window: '1h',
      by: [],
      onStoreFailure: 'deny' as const,
    }));
    const gateway = await startAsked({ ...rateLimit, policies: policies.map((one) => ({ ...one, max: 1000 })) });
    const keys = (await admin('KEYS', `${rateLimit.storage!.keyPrefix}{}*`)) as string[];
    expect(keys).toHaveLength(3);
    const spoils: string[][] = [
      ['SET', 'x'],
      ['SET', 'nan'],
      ['SET', 'inf'],
      ['SET', '1e300'],
      ['LPUSH', 'x'],
      ['HSET', 'head', '0', 'tail', '99', 'total', '9999'],
      ['HSET', 'head', '-1', 'tail', 'x', 'total', 'nan', 'used', 'inf', 'end', 'nan'],
      ['HSET', 'used', '99999', 'end', '1e300', 'tail', '1e300', 'head', '0', 's0', 'x', 'c0', 'inf'],
    ];
    for (const [command, ...values] of spoils) {
      for (const key of keys) {
        await admin('DEL', key);
        await admin(command!, key, ...values);
      }
      const { code, headers } = await gateway.ask('{ free }');
      expect(code, `${command} ${values.join(' ')}`).not.toBe('RATE_LIMITER_UNAVAILABLE');
      expect(headers.get('ratelimit')).not.toMatch(/nan|inf|r=-/i);
      for (const key of keys)
        expect(Number(await admin('PTTL', key)), `${key} ${command} ${values.join(' ')}`).not.toBe(-1);
    }
    for (const key of keys) await admin('DEL', key);
    expect(await gateway.passes(3, '{ free }')).toBe(3);
  });

  test('REDIS-08 takes no writes for a while, or is full, is as one that is down: answers come all the same', async () => {
    const gateway = await startAsked(storage([redis.url], { timeout: '300ms' }));
    await admin('CLIENT', 'PAUSE', '60000', 'WRITE');
    await expect.poll(() => isAsked(gateway), WAIT).toBe(false);
    await expectFallback(gateway);
    await admin('CLIENT', 'UNPAUSE');
    await expect.poll(() => isAsked(gateway), WAIT).toBe(true);

    await admin('CONFIG', 'SET', 'maxmemory', '1');
    await expect.poll(() => isAsked(gateway), WAIT).toBe(false);
    expect((await gateway.ask('{ free }')).json.data).toEqual({ free: 'free' });
    await admin('CONFIG', 'SET', 'maxmemory', '0');
    await expect.poll(() => isAsked(gateway), WAIT).toBe(true);
  });

  test('counts nothing any more when it has forgotten its scripts loads them again', async () => {
    const gateway = await startAsked(storage([redis.url]));
    await admin('SCRIPT', 'FLUSH');
    expect(await gateway.passes(6, LOGIN)).toBe(5);
  });

  test('a ceiling of a subgraph is counted for all gateways together, and in each by itself while Redis is away', async () => {
    const probe = { name: 'probe', operations: ['Probe'], max: 1000, window: '1h', onStoreFailure: 'deny' as const };
    const settings: LimitedSettings = {
      rateLimit: { ...storage([redis.url]), policies: [probe] },
      trafficShaping: { all: { globalRateLimit: { capacity: 6, interval: '1h' } } },
    };
    const pair = [await start(settings.rateLimit, settings), await start(settings.rateLimit, settings)];
    const isReady = async (): Promise<boolean> => {
      const answers = await Promise.all(pair.map((gateway) => gateway.ask('query Probe { __typename }')));
      return answers.every(({ status }) => status === 200);
    };
    await expect.poll(isReady, WAIT).toBe(true);
    const askInTurn = async (count: number): Promise<unknown[]> => {
      const codes: unknown[] = [];
      for (let at = 0; at < count; at++) codes.push((await pair[at % 2]!.ask('{ free }')).code);
      return codes;
    };
    const refused = 'SUBGRAPH_RATE_LIMITED';
    expect(await askInTurn(8)).toEqual([...new Array<undefined>(6).fill(undefined), refused, refused]);
    expect(pair.map(({ calls }) => calls.length)).toEqual([3, 3]);
    await redis.kill();
    expect(await askInTurn(14)).toEqual([...new Array<undefined>(12).fill(undefined), refused, refused]);
    await redis.restart();
  });
});
