import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { answerError, answerStatus } from './answers.js';
import type { Exchange } from './Exchange.js';
import type { Cors } from './guards/cors.js';
import type { HttpServerOptions } from './HttpServerOptions.js';
import type { OverloadGuard } from './overload/OverloadGuard.js';
import { createPlayground, isNavigation } from './playground/createPlayground.js';
import { drainRest } from './readBody.js';
import { serveGraphQL } from './serveGraphQL.js';
import type { LiveSettings } from './settleOptions.js';
import { writeResponse } from './writeResponse.js';
import type { DrainState } from './writeResponse.js';

export interface Routing {
  readonly options: HttpServerOptions;
  /** Asked for each request. */
  readonly live: () => LiveSettings;
  readonly state: DrainState;
  readonly guard: OverloadGuard;
  /** Takes a request over from Fastify. */
  readonly begin: (request: FastifyRequest, reply: FastifyReply) => Exchange;
}

/** When a client that was not taken may come again, in seconds. */
const RETRY_AFTER: ReadonlyArray<[string, string]> = [['retry-after', '1']];
const FOLDER = '/playground/';
const READING = ['GET', 'HEAD'];

export const DEFAULT_PATH = '/graphql';

/** What a listener answers, by path. Gives what answers requests for the GraphQL endpoint, for who has one in hand. */
export function addRoutes(
  app: FastifyInstance,
  { options, live, state, guard, begin }: Routing,
): (exchange: Exchange) => void {
  const path = options.path ?? DEFAULT_PATH;
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
    if (path !== '/') route('/', (exchange) => playground.answerPage(exchange), READING);
    const answerAsset = (exchange: Exchange): void => {
      const isThere = playground.answerAsset(exchange, exchange.path.slice(FOLDER.length));
      if (!isThere) answerError(exchange, state, 'NOT_FOUND');
    };
    route(`${FOLDER}:file`, answerAsset, READING);
  }
  const answerGraphQL = (exchange: Exchange): void => {
    const { cors, read } = live();
    if (cors !== undefined && !guardOrigin(exchange, cors)) return;
    if (playground !== undefined && isNavigation(exchange.raw)) playground.answerPage(exchange);
    else if (guard.enter() !== undefined) answerError(exchange, state, 'OVERLOADED', RETRY_AFTER);
    else {
      exchange.holdPlace(guard);
      void serveGraphQL(exchange, options, read, state);
    }
  };
  route(path, answerGraphQL, app.supportedMethods);
  const answerHealth = (exchange: Exchange): void =>
    answerStatus(exchange, state, 200, { status: 'ok', timestamp: new Date().toISOString() });
  route('/health', answerHealth, READING);
  const answerReady = (exchange: Exchange): void => {
    const isReady = !state.draining && options.isReady() && guard.isReady;
    const status = isReady ? 'ready' : state.draining ? 'draining' : guard.isReady ? 'starting' : 'overloaded';
    answerStatus(exchange, state, isReady ? 200 : 503, { status, timestamp: new Date().toISOString() });
  };
  route('/ready', answerReady, READING);
  app.addHook('onRequest', (request, reply, done) => {
    const { headers, httpVersionMinor } = request.raw;
    // RFC 9112, 3.2.
    if (headers.host === undefined && httpVersionMinor > 0) answerError(begin(request, reply), state, 'BAD_REQUEST');
    else if (request.is404) answerElse(begin(request, reply), options, state);
    else done();
  });
  return answerGraphQL;
}

/** The published keys; a path that is nobody's. */
function answerElse(exchange: Exchange, { publishedKeys }: HttpServerOptions, state: DrainState): void {
  const keys = exchange.raw.method === 'GET' ? publishedKeys?.() : undefined;
  if (keys === undefined || exchange.path !== keys.path) return answerError(exchange, state, 'NOT_FOUND');
  const cached: ReadonlyArray<[string, string]> = [['cache-control', 'public, max-age=300']];
  writeResponse(exchange, state, 200, 'application/jwk-set+json', Buffer.from(keys.body), cached);
  drainRest(exchange.raw);
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
