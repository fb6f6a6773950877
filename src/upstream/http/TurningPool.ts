import { isIP } from 'node:net';

import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

import type { Clock } from '../../base/kit/Clock.js';

import { ClientTls } from './ClientTls.js';
import { createConnector } from './connector.js';
import type { Connector } from './connector.js';
import { HostAddresses } from './HostAddresses.js';
import type { ResolveHost } from './HostAddresses.js';
import type { PoolOptions, SubgraphDispatcher } from './PoolOptions.js';

/** Whose machine it is: name look-ups and time. */
export interface PoolSurroundings {
  readonly resolve: ResolveHost;
  readonly clock: Clock;
}

/**
 * The sockets to one origin. When its addresses or its TLS files change, new calls go to new sockets; the old ones finish what is under
 * way on them and close. A socket in use never gets idle, so that nothing else would ever take it away from a dead address.
 *
 * Errors: CONFIG_INVALID for TLS files that cannot be used.
 */
export class TurningPool implements SubgraphDispatcher {
  readonly #origin: string;
  readonly #options: PoolOptions;
  readonly #addresses: HostAddresses | undefined;
  readonly #tls: ClientTls | undefined;
  readonly #retired = new Set<OpenPool>();
  #current: OpenPool;

  constructor(subgraph: string, origin: string, options: PoolOptions, { resolve, clock }: PoolSurroundings) {
    const { protocol, hostname } = new URL(origin);
    this.#origin = origin;
    this.#options = options;
    const turnOver = (): void => this.#turnOver();
    this.#addresses =
      isIP(hostname.replace(/^\[|\]$/g, '')) === 0
        ? new HostAddresses({ host: hostname, resolve, refreshMs: options.dnsRefreshMs, clock, onChange: turnOver })
        : undefined;
    this.#tls = protocol === 'https:' ? new ClientTls(subgraph, options.tls ?? {}, turnOver) : undefined;
    this.#current = this.#open();
  }

  get destroyed(): boolean {
    return this.#current.pool.destroyed;
  }

  /** HOT: once per call. */
  dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.#addresses?.refresh();
    return this.#current.pool.dispatch(request, handler);
  }

  async destroy(): Promise<void> {
    this.#tls?.close();
    await Promise.all([this.#current, ...this.#retired].map(destroy));
  }

  #turnOver(): void {
    if (this.destroyed) return;
    const old = this.#current;
    this.#current = this.#open();
    this.#retired.add(old);
    void old.pool.close().then(
      () => this.#retired.delete(old),
      () => this.#retired.delete(old),
    );
  }

  #open(): OpenPool {
    const { connections, keepAliveMs, connectTimeoutMs } = this.#options;
    const connector = createConnector({ timeoutMs: connectTimeoutMs, addresses: this.#addresses, tls: this.#tls });
    const pool = new Pool(this.#origin, {
      connections,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      // The total deadline is the call's lifetime. undici's own timers only see silence, and tick every half second.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: connector.connect,
    });
    return { pool, connector };
  }
}

interface OpenPool {
  readonly pool: Pool;
  readonly connector: Connector;
}

async function destroy({ pool, connector }: OpenPool): Promise<void> {
  connector.abort();
  await pool.destroy();
}
