import type { Dispatcher } from 'undici';

import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Clock } from '../../base/kit/Clock.js';
import { InFlight } from '../../base/kit/InFlight.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';
import { lifetimeError } from '../../base/errors/lifetimeError.js';

import { HttpExchange } from './HttpExchange.js';
import type { HttpTarget } from './HttpExchange.js';
import type { PoolOptions } from './PoolOptions.js';
import { createPoolRegistry } from './pools.js';
import type { PoolRegistry } from './pools.js';
import type { HmacOptions } from './signBody.js';

export interface HttpClientOptions extends PoolOptions {
  /** Ceiling for the body of an answer, before and after inflating. Bytes, default 10,000,000. */
  readonly maxResponseBytes: number;
  /** From sending until the head of the answer has come. Milliseconds; default none but the call's lifetime. */
  readonly responseHeaderTimeoutMs?: number | undefined;
  /** Signs the body of each request. Default: no signature. */
  readonly hmac?: HmacOptions | undefined;
}

export const DEFAULT_HTTP_CLIENT_OPTIONS: HttpClientOptions = {
  connections: 100,
  connectTimeoutMs: 1000,
  keepAliveMs: 4000,
  dnsRefreshMs: 10_000,
  maxResponseBytes: 10_000_000,
};

export interface HttpClientTarget {
  /** The subgraph's name. */
  readonly name: string;
  /** Where it is: http or https, without credentials. */
  readonly url: string;
  readonly options?: Partial<HttpClientOptions>;
  /** Whose sockets to use; clients of one registry share them. Default: its own. */
  readonly pools?: PoolRegistry;
  /** Of signatures. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** What is sent for a call; header names and values in turn. */
export interface HttpRequestParts {
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: string[];
  readonly body: string | null;
}

/**
 * Sends calls over the sockets of one endpoint, one exchange each.
 *
 * - Redirects are never followed. Compression is not asked for; one layer is undone when it comes anyway.
 * - The call's lifetime is the only deadline; when it ends the socket is closed at once.
 * - A query is sent once more, without anybody noticing, when a reused keep-alive socket breaks before the first byte of the answer.
 *
 * @param partsOf what a call is as HTTP; called once per call
 * @param read what a complete answer is as a reply
 */
export function createExchangeClient(
  { name, url, options, pools = createPoolRegistry() }: HttpClientTarget,
  read: HttpTarget['read'],
  partsOf: (call: SubgraphCall) => HttpRequestParts,
): SubgraphClient {
  const settings = { ...DEFAULT_HTTP_CLIENT_OPTIONS, ...options };
  const { origin } = readUrl(name, url);
  const lease = pools.acquire(name, origin, settings);
  const target: HttpTarget = {
    subgraph: name,
    origin,
    pool: lease.pool,
    maxResponseBytes: settings.maxResponseBytes,
    responseHeaderTimeoutMs: settings.responseHeaderTimeoutMs,
    inFlight: new InFlight(),
    read,
  };
  let isClosed = false;

  return {
    name,
    execute(call: SubgraphCall): Promise<SubgraphReply> {
      if (isClosed) return Promise.reject(closedError(name));
      if (call.lifetime.ended !== undefined)
        return Promise.reject(lifetimeError(call.lifetime.ended, { subgraph: name }));
      return new Promise((resolve, reject) => {
        const { path, method, headers, body } = partsOf(call);
        const request: Dispatcher.DispatchOptions = {
          origin,
          path,
          method,
          headers,
          body,
          // A dispatcher of the user's own may have timers; the lifetime is the deadline.
          headersTimeout: 0,
          bodyTimeout: 0,
        };
        new HttpExchange(target, call, request, resolve, reject).start();
      });
    },
    async close(): Promise<void> {
      isClosed = true;
      for (const exchange of target.inFlight.all()) exchange.fail(closedError(name));
      await lease.release();
    },
  };
}

/** Splits the URL of an endpoint. Errors: CONFIG_INVALID for one that cannot be used; it is not repeated. */
export function readUrl(name: string, url: string): { origin: string; path: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '') {
    throw new PorticoError(
      'CONFIG_INVALID',
      `the URL of subgraph ${name} must be http(s)://host/path without credentials`,
      {
        details: { subgraph: name },
      },
    );
  }
  return { origin: parsed.origin, path: parsed.pathname + parsed.search };
}

function closedError(name: string): PorticoError {
  return new PorticoError('SUBREQUEST_HTTP_ERROR', `the client of ${name} is closed`, {
    details: { subgraph: name, reason: 'closed' },
  });
}
