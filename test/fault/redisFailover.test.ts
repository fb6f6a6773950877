import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';

import { startLimitedGateway } from '../support/limitedGateway.js';
import type { LimitedGateway, LimitedSettings } from '../support/limitedGateway.js';
import { freePort, hasRedis, startRedis, startRedisCluster, startSentinel } from '../support/redisServer.js';

const WAIT = { timeout: 40_000, interval: 100 };
const LOGIN = 'mutation { login(email: "ada@example.org") }';
const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(storage: NonNullable<NonNullable<LimitedSettings['rateLimit']>['storage']>) {
  const gateway = await startLimitedGateway({ rateLimit: { storage: { ...storage, type: 'redis', timeout: '2s' } } });
  closing.push(() => gateway.close());
  return gateway;
}

const isCounting = async (gateway: LimitedGateway, at = 'probe'): Promise<boolean> =>
  (await gateway.ask(`mutation { login(email: "${at} ${Math.random()}") }`)).code !== 'RATE_LIMITER_UNAVAILABLE';

async function admin(port: number, ...command: string[]): Promise<unknown> {
  const client = new Redis(port, '127.0.0.1');
  try {
    return await client.call(command[0]!, ...command.slice(1));
  } finally {
    client.disconnect();
  }
}

describe.skipIf(!hasRedis())('a failover of Redis', { timeout: 180_000 }, () => {
  /** A primary, its replica, and a sentinel that watches both. */
  async function startWatched() {
    const primary = await startRedis();
    closing.push(() => primary.close());
    const replica = await startRedis([
      '--replicaof',
      '127.0.0.1',
      String(primary.port),
      '--repl-diskless-sync-delay',
      '0',
    ]);
    closing.push(() => replica.close());
    const info = async (): Promise<string> => String(await admin(replica.port, 'INFO', 'replication'));
    await expect.poll(info, WAIT).toContain('master_link_status:up');
    const folder = mkdtempSync(join(tmpdir(), 'portico-sentinel-'));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    const port = await freePort();
    const file = join(folder, 'sentinel.conf');
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor limits 127.0.0.1 ${primary.port} 1`,
      'sentinel down-after-milliseconds limits 1000',
      'sentinel failover-timeout limits 4000',
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const sentinel = await startSentinel(file);
    closing.push(() => sentinel.close());
    const replicas = async (): Promise<string> => String(await admin(port, 'SENTINEL', 'REPLICAS', 'limits'));
    await expect.poll(replicas, WAIT).toContain(String(replica.port));
    return { primary, replica, sentinelPort: port };
  }

  test('RL-15, REDIS-05: the primary dies in the middle of a window: fail-closed limits refuse meanwhile, then at most one window more passes', async () => {
    const { primary, sentinelPort } = await startWatched();
    const gateway = await start({ urls: [`redis://127.0.0.1:${sentinelPort}`], sentinel: 'limits' });
    await expect.poll(() => isCounting(gateway), WAIT).toBe(true);
    expect(await gateway.passes(3, LOGIN)).toBe(3);
    await primary.kill();
    expect((await gateway.ask(LOGIN)).code).toBe('RATE_LIMITER_UNAVAILABLE');
    await expect.poll(() => isCounting(gateway), WAIT).toBe(true);
    await gateway.passes(10, LOGIN);
    const logins = gateway.calls.filter(({ text }) => text.includes('ada@')).length;
    expect(logins).toBeGreaterThanOrEqual(5);
    expect(logins).toBeLessThanOrEqual(10);
  });

  test('RL-15: a primary that has become a replica says READONLY, and the new primary is found', async () => {
    const { sentinelPort } = await startWatched();
    const gateway = await start({ urls: [`redis://127.0.0.1:${sentinelPort}`], sentinel: 'limits' });
    await expect.poll(() => isCounting(gateway), WAIT).toBe(true);
    expect(await gateway.passes(2, LOGIN)).toBe(2);
    await admin(sentinelPort, 'SENTINEL', 'FAILOVER', 'limits');
    await expect
      .poll(async () => (await isCounting(gateway)) && (await gateway.ask(LOGIN)).code, WAIT)
      .toBe('RATE_LIMITED');
    // What the primary had counted, its replica knew.
    expect(gateway.calls.filter(({ text }) => text.includes('ada@')).length).toBeLessThanOrEqual(10);
  });

  test('REDIS-05: a node of a cluster dies: its limits do what they declare, and count again when it is back', async () => {
    const cluster = await startRedisCluster();
    closing.push(() => cluster.close());
    const gateway = await start({ urls: cluster.nodes.map(({ url }) => url), cluster: true });
    await expect.poll(() => isCounting(gateway), WAIT).toBe(true);
    await cluster.nodes[1]!.kill();
    // Some account of many lies on it.
    const accounts = Array.from({ length: 24 }, (_, at) => `account ${at}`);
    const someRefused = async (): Promise<boolean> => {
      const counted = await Promise.all(accounts.map((account) => isCounting(gateway, account)));
      return counted.includes(false);
    };
    await expect.poll(someRefused, WAIT).toBe(true);
    expect((await gateway.ask('{ free }')).json.data).toEqual({ free: 'free' });
    expect(await gateway.passes(9, '{ search }')).toBe(5);
    await cluster.nodes[1]!.restart();
    await expect.poll(someRefused, WAIT).toBe(false);
  });
});
