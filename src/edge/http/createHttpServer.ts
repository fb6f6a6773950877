import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';

import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { ErrorCode } from '../../base/errors/codes.js';
import { codes } from '../../base/errors/codes.js';
import { answerHalfClosed } from './guards/answerHalfClosed.js';
import type { Cors } from './guards/cors.js';
import { Exchange } from './Exchange.js';
import { OverloadGuard } from './overload/OverloadGuard.js';
import type { OverloadOptions } from './overload/OverloadGuard.js';
import { processSignals } from './overload/processSignals.js';
import { createPlayground, isNavigation } from './playground/createPlayground.js';
import type { HttpServerOptions, LiveHttpOptions } from './HttpServerOptions.js';
import { drainRest } from './readBody.js';
import { refuseConnection } from './refuseConnection.js';
import { serveGraphQL } from './serveGraphQL.js';
import { settleOptions } from './settleOptions.js';
import { errorBody } from './stringifyResult.js';
import { writeResponse } from './writeResponse.js';
import type { DrainState } from './writeResponse.js';

export interface HttpServer {
  readonly fastify: FastifyInstance;
  /** Gives where it listens. Port 0 takes a free one. */
  listen(address: {
    readonly host: string;
    readonly port: number;
  }): Promise<{ readonly origin: string; readonly port: number }>;
  /** Instead of `listen`: gets ready for connections that another process accepts. */
  start(): Promise<void>;
  /** Takes over such a connection, of which nothing has been read. */
  accept(socket: Socket): void;
  /**
   * `/ready` says 503 from now on, and answers tell the clients to take their next request elsewhere. Done when all connections have
   * ended, at the latest after `waitMs`: whoever closes a connection on which the next request is under way already, loses that request.
   */
  drain(waitMs: number): Promise<void>;
  /** What is not given has its default, for requests that begin from now on. */
  reconfigure(options: LiveHttpOptions): void;
  /**
   * Stops accepting, lets requests in flight finish, and closes.
   * Gives the number of requests that had to be cut because they were not finished after `graceMs`.
   */
  close(graceMs: number): Promise<number>;
}

const DEFAULT_OVERLOAD: OverloadOptions = { maxInFlight: 500, maxEventLoopLagMs: undefined, maxHeapShare: undefined };
/** When a client that was not taken may come again, in seconds. */
const RETRY_AFTER: ReadonlyArray<[string, string]> = [['retry-after', '1']];
const MAX_IDLE_CHECK_MS = 1000;
const POLL_MS = 20;
/** How long the close of a server waits for the first request of a connection it has accepted, in milliseconds. */
const FIRST_REQUEST_MS = 500;

/** The public listener: GraphQL, `/health`, `/ready`, and a coded JSON error for everything else. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const path = options.path ?? '/graphql';
  let live = settleOptions(options);
  const state: DrainState = { draining: false };
  const own = options.overloadSignals === undefined ? processSignals() : undefined;
  const guard = new OverloadGuard(options.overload ?? DEFAULT_OVERLOAD, options.overloadSignals ?? own!, options.clock);
  const open = new Set<Exchange>();
  const app = fastify({
    http: {
      maxHeaderSize: options.maxHeaderBytes ?? 16 * 1024,
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      requestTimeout: options.requestTimeoutMs ?? 30_000,
      connectionsCheckingInterval: MAX_IDLE_CHECK_MS,
    },
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    keepAliveTimeout: options.keepAliveMs ?? 65_000,
    return503OnClosing: false,
    exposeHeadRoutes: true,
    clientErrorHandler: refuseConnection,
    frameworkErrors: (_error, request, reply) => answerError(begin(request, reply), 'BAD_REQUEST'),
  });

  const sockets = new Set<Socket>();
  /** Accepted, and no request has come yet: the first one is under way, most likely. */
  const fresh = new Set<Socket>();
  app.server.on('connection', (socket) => {
    sockets.add(socket);
    fresh.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      fresh.delete(socket);
    });
  });

  answerHalfClosed(app.server, function* (socket) {
    for (const { raw, response } of open) if (raw.socket === socket) yield response;
  });

  /** Fastify routes; what follows talks to Node's own request and response, which saves its reply pipeline. */
  const begin = (request: FastifyRequest, reply: FastifyReply): Exchange => {
    reply.hijack();
    const exchange = new Exchange(request.raw, reply.raw, live.deadlineMs, live.originOf(request.raw), options.clock);
    options.onRequest?.(exchange);
    open.add(exchange);
    fresh.delete(request.raw.socket);
    reply.raw.once('close', () => {
      open.delete(exchange);
      exchange.close();
    });
    return exchange;
  };
  const answerError = (exchange: Exchange, code: ErrorCode, headers?: ReadonlyArray<[string, string]>): void => {
    const { status, summary } = codes[code];
    const errors = [{ message: summary, extensions: { code, requestId: exchange.requestId } }];
    exchange.trace.errorCodes = [code];
    writeResponse(exchange, state, status, 'application/json; charset=utf-8', errorBody(errors), headers);
    drainRest(exchange.raw);
  };
  const answerStatus = (exchange: Exchange, status: number, body: object): void => {
    writeResponse(exchange, state, status, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(body)));
    drainRest(exchange.raw);
  };

  // In `onRequest`, because nothing of Fastify's body parsing must run: what can be refused by the head is refused before the body is read.
  const route = (url: string, answer: (exchange: Exchange) => void, method: string | string[]): void => {
    app.route({
      method: method as 'GET',
      url,
      exposeHeadRoute: false,
      onRequest: (request, reply) => answer(begin(request, reply)),
      handler: () => {},
    });
  };
  const playground =
    options.playground === undefined || options.playground === false
      ? undefined
      : createPlayground(path, options.playground === true ? {} : options.playground);
  if (playground !== undefined) {
    const methods = ['GET', 'HEAD'];
    if (path !== '/') route('/', (exchange) => playground.answerPage(exchange), methods);
    const folder = '/playground/';
    const answerAsset = (exchange: Exchange): void => {
      if (!playground.answerAsset(exchange, exchange.path.slice(folder.length))) answerError(exchange, 'NOT_FOUND');
    };
    route(`${folder}:file`, answerAsset, methods);
  }
  const answerGraphQL = (exchange: Exchange): void => {
    if (live.cors !== undefined && !guardOrigin(exchange, live.cors)) return;
    if (playground !== undefined && isNavigation(exchange.raw)) playground.answerPage(exchange);
    else if (guard.enter() !== undefined) answerError(exchange, 'OVERLOADED', RETRY_AFTER);
    else {
      exchange.response.once('close', () => guard.leave());
      void serveGraphQL(exchange, options, live.read, state);
    }
  };
  route(path, answerGraphQL, app.supportedMethods);
  route('/health', (exchange) => answerStatus(exchange, 200, { status: 'ok', timestamp: new Date().toISOString() }), [
    'GET',
    'HEAD',
  ]);
  route(
    '/ready',
    (exchange) => {
      const ready = !state.draining && options.isReady() && guard.isReady;
      answerStatus(exchange, ready ? 200 : 503, {
        status: ready ? 'ready' : state.draining ? 'draining' : guard.isReady ? 'starting' : 'overloaded',
        timestamp: new Date().toISOString(),
      });
    },
    ['GET', 'HEAD'],
  );
  const answerElse = (exchange: Exchange): void => {
    const keys = exchange.raw.method === 'GET' ? options.publishedKeys?.() : undefined;
    if (keys === undefined || exchange.path !== keys.path) return answerError(exchange, 'NOT_FOUND');
    const cached: ReadonlyArray<[string, string]> = [['cache-control', 'public, max-age=300']];
    writeResponse(exchange, state, 200, 'application/jwk-set+json', Buffer.from(keys.body), cached);
    drainRest(exchange.raw);
  };
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answerElse(begin(request, reply));
    else done();
  });

  return {
    fastify: app,
    async listen(address) {
      await app.listen(address);
      const { address: host, port, family } = app.server.address() as AddressInfo;
      return { origin: `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`, port };
    },
    async start() {
      await app.ready();
      // What Node does when a server listens: its checks of slow requests begin.
      app.server.emit('listening');
    },
    accept(socket) {
      app.server.emit('connection', socket);
      socket.resume();
    },
    reconfigure(next) {
      live = settleOptions(next);
      guard.reconfigure(next.overload ?? DEFAULT_OVERLOAD);
    },
    async drain(waitMs) {
      state.draining = true;
      const until = performance.now() + waitMs;
      while (performance.now() < until && sockets.size > 0) await setTimeoutPromise(POLL_MS);
    },
    async close(graceMs) {
      state.draining = true;
      let cut = 0;
      const timer = setTimeout(() => {
        cut = open.size;
        app.server.closeAllConnections();
      }, graceMs);
      const until = performance.now() + Math.min(graceMs, FIRST_REQUEST_MS);
      while (fresh.size > 0 && performance.now() < until) await setTimeoutPromise(POLL_MS);
      const closed = app.close();
      app.server.closeIdleConnections();
      // A server that does not listen is closed at once, whatever still runs on it.
      while (open.size > 0) await setTimeoutPromise(POLL_MS);
      await closed;
      clearTimeout(timer);
      own?.close();
      return cut;
    },
  };
}

/** Gives false when it has answered already: a preflight (Fetch standard, 4.8). */
function guardOrigin(exchange: Exchange, cors: Cors): boolean {
  const { raw, response } = exchange;
  const preflight = raw.method === 'OPTIONS' ? cors.preflight(raw.headers) : undefined;
  if (preflight === undefined) {
    exchange.corsHeaders = cors.headersFor(raw.headers.origin);
    return true;
  }
  response.writeHead(204, [...preflight, 'x-request-id', exchange.requestId]);
  response.end();
  drainRest(raw);
  return false;
}
