import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

import { createConnector } from './connector.js';

/** How connections to one subgraph are made and kept. */
export interface PoolOptions {
  /** Sockets at most; calls beyond them wait for one, within their lifetime. Default 100. */
  readonly connections: number;
  /** For name look-up, TCP and TLS handshake together. Milliseconds, default 1000. */
  readonly connectTimeoutMs: number;
  /** How long an idle socket is kept when the server gives no hint of its own. Milliseconds, default 4000. */
  readonly keepAliveMs: number;
}

/** What sends requests: undici's `Pool`, `Agent`, `ProxyAgent`, `MockAgent` … (undici 7). */
export type SubgraphDispatcher = Pick<Dispatcher, 'dispatch'>;

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
  acquire(subgraph: string, origin: string, options: PoolOptions): PoolLease;
}

export function createPoolRegistry(): PoolRegistry {
  const shared = new Map<string, SharedPool>();
  return {
    acquire(subgraph, origin, options) {
      const { connections, connectTimeoutMs, keepAliveMs } = options;
      const key = JSON.stringify([subgraph, origin, connections, connectTimeoutMs, keepAliveMs]);
      const entry = shared.get(key) ?? createSharedPool(origin, options);
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
          await entry.destroy();
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
  readonly pool: Pool;
  readonly destroy: () => Promise<void>;
  leases: number;
}

function createSharedPool(origin: string, options: PoolOptions): SharedPool {
  const connector = createConnector(options.connectTimeoutMs);
  const pool = new Pool(origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: options.keepAliveMs,
    // The total deadline is the call's lifetime. undici's own timers only see silence, and tick every half second.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: connector.connect,
  });
  const destroy = async (): Promise<void> => {
    connector.abort();
    await pool.destroy();
  };
  return { pool, destroy, leases: 0 };
}
