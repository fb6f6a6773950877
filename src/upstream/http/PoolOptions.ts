import type { Dispatcher } from 'undici';

import type { ClientTlsOptions } from './ClientTls.js';

/** How connections to one subgraph are made and kept. */
export interface PoolOptions {
  /** Sockets at most; calls beyond them wait for one, within their lifetime. Default 100. */
  readonly connections: number;
  /** For name look-up, TCP and TLS handshake together. Milliseconds, default 1000. */
  readonly connectTimeoutMs: number;
  /** How long an idle socket is kept when the server gives no hint of its own. Milliseconds, default 4000. */
  readonly keepAliveMs: number;
  /** How old the addresses of the host may get while there is traffic. Milliseconds, default 10,000. */
  readonly dnsRefreshMs: number;
  /** Default: the system's authorities, TLS 1.2 at least. */
  readonly tls?: ClientTlsOptions | undefined;
}

/** What sends requests: undici's `Pool`, `Agent`, `ProxyAgent`, `MockAgent` … (undici 7). */
export type SubgraphDispatcher = Pick<Dispatcher, 'dispatch'>;
