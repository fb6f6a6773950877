import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { addRoutes, DEFAULT_PATH } from './addRoutes.js';
import { answerError } from './answers.js';
import { readyAnswers } from './AnswerTurn.js';
import { Connections } from './Connections.js';
import { Exchange } from './Exchange.js';
import type { HttpServerOptions, LiveHttpOptions } from './HttpServerOptions.js';
import { OverloadGuard } from './overload/OverloadGuard.js';
import type { OverloadOptions } from './overload/OverloadGuard.js';
import { processSignals } from './overload/processSignals.js';
import { refuseConnection } from './refuseConnection.js';
import { settleOptions } from './settleOptions.js';
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
const MAX_IDLE_CHECK_MS = 1000;
/** How long the close of a server waits for the first request of a connection it has accepted, in milliseconds. */
const FIRST_REQUEST_MS = 500;

/** The public listener: GraphQL, `/health`, `/ready`, and a coded JSON error for everything else. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  let live = settleOptions(options);
  const state: DrainState = { draining: false };
  const own = options.overloadSignals === undefined ? processSignals() : undefined;
  const guard = new OverloadGuard(options.overload ?? DEFAULT_OVERLOAD, options.overloadSignals ?? own!, options.clock);
  const app = fastify({
    http: {
      maxHeaderSize: options.maxHeaderBytes ?? 16 * 1024,
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      requestTimeout: options.requestTimeoutMs ?? 30_000,
      connectionsCheckingInterval: MAX_IDLE_CHECK_MS,
      // Node's refusal has no body; ours has a code (see addRoutes).
      requireHostHeader: false,
    },
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    keepAliveTimeout: options.keepAliveMs ?? 65_000,
    return503OnClosing: false,
    exposeHeadRoutes: true,
    clientErrorHandler: refuseConnection,
    frameworkErrors: (_error, request, reply) => answerError(takeOver(request, reply), state, 'BAD_REQUEST'),
  });
  const connections = new Connections(app.server);
  const begin = (raw: IncomingMessage, response: ServerResponse): Exchange => {
    readyAnswers.writeLate();
    const exchange = new Exchange(raw, response, live.deadlineMs, live.originOf(raw), options.clock);
    options.onRequest?.(exchange);
    connections.begin(exchange);
    return exchange;
  };
  /** Fastify routes; what follows talks to Node's own request and response, which saves its reply pipeline. */
  const takeOver = (request: FastifyRequest, reply: FastifyReply): Exchange => {
    reply.hijack();
    return begin(request.raw, reply.raw);
  };
  const answerGraphQL = addRoutes(app, { options, live: () => live, state, guard, begin: takeOver });
  goRoundRouter(app.server, options.path ?? DEFAULT_PATH, (raw, response) => answerGraphQL(begin(raw, response)));

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
      await connections.ended(waitMs);
    },
    async close(graceMs) {
      state.draining = true;
      let cut = 0;
      const timer = setTimeout(() => {
        cut = connections.openRequests;
        app.server.closeAllConnections();
      }, graceMs);
      await connections.begun(Math.min(graceMs, FIRST_REQUEST_MS));
      const closed = app.close();
      app.server.closeIdleConnections();
      // A server that does not listen is closed at once, whatever still runs on it.
      await connections.answered();
      await closed;
      clearTimeout(timer);
      own?.close();
      return cut;
    },
  };
}

/**
 * Hands over what nearly every request is, a POST to the endpoint as it is written in its configuration, without asking the router: nothing
 * of what Fastify makes for a request is used by ours. Every other spelling, and what is put in by hand (`inject`), takes its route.
 *
 * HOT: once per request. Fastify's request, reply and hooks cost 2 to 4 % of a small one (`npm run bench`, body "light", 2026-11-28).
 */
function goRoundRouter(server: Server, path: string, answer: RequestListener): void {
  const routed = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    // The route says what is wrong with a request without a host.
    if (request.method === 'POST' && request.url === path && request.headers.host !== undefined)
      answer(request, response);
    else for (const listener of routed) listener(request, response);
  });
}
