import { describe, expect, test } from 'vitest';

import { startLimitedGateway } from '../support/limitedGateway.js';
import type { LimitedGateway, LimitedSettings } from '../support/limitedGateway.js';
import { hasRedis, startRedis, startRedisCluster } from '../support/redisServer.js';

type Storage = NonNullable<NonNullable<LimitedSettings['rateLimit']>['storage']>;

/** Each algorithm stands before a field of its own. */
const FIELDS = { one: 'sliding_window', two: 'token_bucket', three: 'fixed_window' } as const;
const NAMES = Object.keys(FIELDS) as Array<keyof typeof FIELDS>;

/** How much of each field 4 gateways with 64 connections each let through, of limits of 1,000: 1,280 are asked. */
async function hammer(storage: Storage): Promise<Record<string, number>> {
  const settings: LimitedSettings = {
    rateLimit: {
      storage: { ...storage, type: 'redis', timeout: '5s' },
      policies: NAMES.map((name) => ({
        name,
        fields: [`Query.${name}`],
        algorithm: FIELDS[name],
        max: 1000,
        // A bucket gives a place back every two hours, no window ends in this test.
        window: '90d',
        by: [],
        onStoreFailure: 'deny',
      })),
    },
    limits: { maxRootFields: 50 },
  };
  const gateways = await Promise.all([1, 2, 3, 4].map(() => startLimitedGateway(settings)));
  const isConnected = async ({ ask }: LimitedGateway): Promise<unknown> =>
    (await ask('mutation { login(email: "probe") }')).code !== 'RATE_LIMITER_UNAVAILABLE';
  for (const gateway of gateways) await expect.poll(() => isConnected(gateway), { timeout: 20_000 }).toBe(true);

  const query = `{ ${NAMES.flatMap((name) => [0, 1, 2, 3, 4].map((at) => `${name}${at}: ${name}(at: ${at})`)).join(' ')} }`;
  const passed: Record<string, number> = { one: 0, two: 0, three: 0 };
  const connection = async ({ ask }: LimitedGateway): Promise<void> => {
    const { json } = await ask(query);
    for (const { extensions } of json.errors ?? []) expect(extensions['code']).toBe('RATE_LIMITED');
    for (const [name, value] of Object.entries(json.data ?? {})) if (value !== null) passed[name.slice(0, -1)]!++;
  };
  await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 64 }, () => connection(gateway))));
  await Promise.all(gateways.map((gateway) => gateway.close()));
  return passed;
}

describe.skipIf(!hasRedis())('RL-02 four gateways with 64 connections each', { timeout: 120_000 }, () => {
  test('let exactly 1,000 through a limit of each algorithm', async () => {
    const redis = await startRedis();
    try {
      expect(await hammer({ urls: [redis.url] })).toEqual({ one: 1000, two: 1000, three: 1000 });
    } finally {
      await redis.close();
    }
  });

  test('do so in a cluster of three nodes, too', async () => {
    const cluster = await startRedisCluster();
    try {
      const urls = cluster.nodes.map(({ url }) => url);
      expect(await hammer({ urls, cluster: true })).toEqual({ one: 1000, two: 1000, three: 1000 });
    } finally {
      await cluster.close();
    }
  });
});
