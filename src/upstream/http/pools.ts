import { systemClock } from '../../base/kit/Clock.js';

import { resolveWithSystem } from './HostAddresses.js';
import type { PoolOptions, SubgraphDispatcher } from './PoolOptions.js';
import { TurningPool } from './TurningPool.js';
import type { PoolSurroundings } from './TurningPool.js';

/** A share in a pool. */
export interface PoolLease {
  readonly pool: SubgraphDispatcher;
  /** Gives the share back. The sockets close, and calls on them fail, when the last share is given back. */
  release(): Promise<void>;
}

/**
 * The socket pools of a process, shared by the generations of the graph: a reload that keeps a subgraph keeps its warm sockets.
 *
 * One pool per subgraph, origin and options. Subgraphs on one host do not share, so that one that hangs cannot take the sockets of
 * the others.
 */
export interface PoolRegistry {
  /** Errors: CONFIG_INVALID for TLS files that cannot be used. */
  acquire(subgraph: string, origin: string, options: PoolOptions): PoolLease;
}

/** @param surroundings default: the system's look-up and the machine's clock */
export function createPoolRegistry(surroundings: Partial<PoolSurroundings> = {}): PoolRegistry {
  const { resolve = resolveWithSystem, clock = systemClock } = surroundings;
  const shared = new Map<string, SharedPool>();
  return {
    acquire(subgraph, origin, options) {
      const { connections, connectTimeoutMs, keepAliveMs, dnsRefreshMs, tls } = options;
      const key = JSON.stringify([subgraph, origin, connections, connectTimeoutMs, keepAliveMs, dnsRefreshMs, tls]);
      const entry = shared.get(key) ?? {
        pool: new TurningPool(subgraph, origin, options, { resolve, clock }),
        leases: 0,
      };
      shared.set(key, entry);
      entry.leases++;
      let isReleased = false;
      return {
        pool: entry.pool,
        async release() {
          if (isReleased) return;
          isReleased = true;
          if (--entry.leases > 0) return;
          shared.delete(key);
          await entry.pool.destroy();
        },
      };
    },
  };
}

/** A registry whose leases are all of one dispatcher that somebody else owns: it decides about sockets and is never closed here. */
export function createForeignPools(dispatcher: SubgraphDispatcher): PoolRegistry {
  return { acquire: () => ({ pool: dispatcher, release: () => Promise.resolve() }) };
}

interface SharedPool {
  readonly pool: TurningPool;
  leases: number;
}
