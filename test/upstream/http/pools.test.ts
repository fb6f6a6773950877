import { describe, expect, it } from 'vitest';

import { createPoolRegistry } from '../../../src/upstream/http/pools.js';
import type { TurningPool } from '../../../src/upstream/http/TurningPool.js';

const options = { connections: 2, connectTimeoutMs: 100, keepAliveMs: 1000, dnsRefreshMs: 1000 };

describe('createPoolRegistry', () => {
  it('shares a pool between generations and destroys it with its last lease', async () => {
    const pools = createPoolRegistry();
    const [old, next] = [pools.acquire('a', 'http://a', options), pools.acquire('a', 'http://a', { ...options })];
    expect(next.pool).toBe(old.pool);
    await old.release();
    await old.release();
    expect((next.pool as TurningPool).destroyed).toBe(false);
    await next.release();
    expect((next.pool as TurningPool).destroyed).toBe(true);
    const again = pools.acquire('a', 'http://a', options);
    expect(again.pool).not.toBe(old.pool);
    await again.release();
  });

  it('keeps subgraphs, origins and options apart', async () => {
    const pools = createPoolRegistry();
    const leases = [
      pools.acquire('a', 'http://a', options),
      pools.acquire('b', 'http://a', options),
      pools.acquire('a', 'http://b', options),
      pools.acquire('a', 'http://a', { ...options, connections: 3 }),
    ];
    expect(new Set(leases.map(({ pool }) => pool)).size).toBe(4);
    await Promise.all(leases.map((lease) => lease.release()));
  });
});
