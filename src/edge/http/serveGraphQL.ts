import type { ContextThunk, HTTPGraphQLRequest, HTTPGraphQLResponse } from '@apollo/server';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { anonymous } from '../../request/Identity.js';
import { failures } from '../../base/telemetry/channels.js';
import type { Authenticate } from '../../request/context.js';
import { requestContextKey } from './Exchange.js';
import type { Exchange } from './Exchange.js';
import { HttpRefusal } from './HttpRefusal.js';
import { chooseAnswerType } from './mediaTypes.js';
import type { AnswerType } from './mediaTypes.js';
import { drainRest, readBody } from './readBody.js';
import { checkHead, parseBody, ReadRequest } from './readRequest.js';
import type { ReadOptions } from './readRequest.js';
import { errorBody, resultBody } from './stringifyResult.js';
import { streamResponse, writeResponse } from './writeResponse.js';
import type { DrainState } from './writeResponse.js';

/** The value that Apollo Server's plugins and our executor see as `contextValue`. */
export interface GraphQLContext {
  readonly [requestContextKey]: Exchange;
}

/** The part of an ApolloServer that is used here. Its `stringifyResult` hands the result through (see createApolloServer). */
export interface GraphQLServer {
  executeHTTPGraphQLRequest(request: {
    httpGraphQLRequest: HTTPGraphQLRequest;
    context: ContextThunk<GraphQLContext>;
    /** What `context` gives, for who need not wait for it. */
    contextValue?: GraphQLContext;
  }): Promise<HTTPGraphQLResponse>;
}

/** GraphQL over HTTP, "application/json": the request is well-formed, its document is refused, the status says 200. */
const DOCUMENT_REFUSALS = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]);
const MAX_LOGGED_CODES = 10;
/** The engine ends everything at the deadline and answers with what it has; if it has not answered after this, the edge does. */
const DEADLINE_GRACE_MS = 500;

/** Who answers, and who says on whose behalf. */
export interface GraphQLHandling {
  readonly server: GraphQLServer;
  readonly authenticate?: Authenticate | undefined;
}

/** Answers one GraphQL request. Never rejects. */
export async function serveGraphQL(
  exchange: Exchange,
  { server, authenticate }: GraphQLHandling,
  options: ReadOptions,
  state: DrainState,
): Promise<void> {
  const type = chooseAnswerType(exchange.raw.headers.accept);
  try {
    if (type === undefined) {
      throw new HttpRefusal('NOT_ACCEPTABLE', 'Accept application/graphql-response+json or application/json');
    }
    const { raw, lifetime } = exchange;
    const search = checkHead(raw, options);
    // Before the body is read: for who sends a bad credential it is not worth it. Somebody already? Whoever put the request in by hand has
    // said who asks (`onRequest`).
    if (authenticate !== undefined && exchange.identity === anonymous) await authenticate(exchange);
    const hasBody = raw.method === 'POST';
    const body = hasBody ? parseBody(await readBody(raw, options.maxBodyBytes, lifetime), options) : undefined;
    const httpGraphQLRequest = new ReadRequest(raw, search, body);
    answerAtDeadline(exchange, type, state);
    const contextValue: GraphQLContext = { [requestContextKey]: exchange };
    const context = (): Promise<GraphQLContext> => Promise.resolve(contextValue);
    const response = await server.executeHTTPGraphQLRequest({ httpGraphQLRequest, context, contextValue });
    if (response.body.kind === 'chunked') await writeParts(exchange, response, response.body.asyncIterator, state);
    else write(exchange, type, response, response.body.string, state);
  } catch (error) {
    refuse(exchange, error, type, state);
  }
}

function writeParts(
  exchange: Exchange,
  { status = 200, headers }: HTTPGraphQLResponse,
  parts: AsyncIterable<string>,
  state: DrainState,
): Promise<void> {
  const contentType = headers.get('content-type') ?? 'multipart/mixed';
  return streamResponse(exchange, state, status, contentType, parts, headers);
}

function write(
  exchange: Exchange,
  type: AnswerType,
  { status = 200, headers }: HTTPGraphQLResponse,
  body: string,
  state: DrainState,
): void {
  const result = body as unknown as FormattedExecutionResult | string;
  if (typeof result === 'string') {
    const contentType = headers.get('content-type') ?? type.contentType;
    writeResponse(exchange, state, status, contentType, Buffer.from(result), headers);
    return;
  }
  if (result.errors === undefined) {
    writeResponse(exchange, state, status, type.contentType, resultBody(result), headers);
    return;
  }
  const errors = withRequestId(exchange, result.errors);
  writeResponse(
    exchange,
    state,
    statusFor(status, result.data, errors, type),
    type.contentType,
    resultBody({ ...result, errors }),
    headers,
  );
}

function statusFor(status: number, data: unknown, errors: readonly GraphQLFormattedError[], type: AnswerType): number {
  if (status !== 400 || !type.plainJsonAsked || data !== undefined) return status;
  return errors.every((error) => DOCUMENT_REFUSALS.has(error.extensions?.['code'])) ? 200 : status;
}

/** Copies: `formatError` of a user may give the same object every time. */
function withRequestId(exchange: Exchange, errors: readonly GraphQLFormattedError[]): readonly GraphQLFormattedError[] {
  const { requestId, trace } = exchange;
  const seen = new Set<string>();
  const marked = errors.map((error) => {
    const code = error.extensions?.['code'];
    if (typeof code === 'string' && seen.size < MAX_LOGGED_CODES) seen.add(code);
    return { ...error, extensions: { ...error.extensions, requestId } };
  });
  trace.errorCodes = [...seen];
  return marked;
}

function refuse(exchange: Exchange, error: unknown, type: AnswerType | undefined, state: DrainState): void {
  let refusal = error;
  if (refusal instanceof PorticoError && refusal.spec.repair !== 'portico') {
    const { code, clientMessage, spec, headers } = refusal;
    refusal = new HttpRefusal(
      code,
      clientMessage,
      spec.retry === 'later' ? { 'retry-after': '1', ...headers } : headers,
    );
  }
  if (!(refusal instanceof HttpRefusal)) {
    if (failures.hasSubscribers) failures.publish({ requestId: exchange.requestId, error });
    refusal = new HttpRefusal('INTERNAL_SERVER_ERROR');
  }
  const { status, headers } = refusal as HttpRefusal;
  const errors = withRequestId(exchange, [(refusal as HttpRefusal).toJSON()]);
  const contentType = type?.contentType ?? 'application/json; charset=utf-8';
  writeResponse(exchange, state, status, contentType, errorBody(errors), Object.entries(headers));
  drainRest(exchange.raw);
}

function answerAtDeadline(exchange: Exchange, type: AnswerType, state: DrainState): void {
  exchange.lifetime.onEnd((end) => {
    if (end !== 'deadline') return;
    setTimeout(() => refuse(exchange, new HttpRefusal('GATEWAY_TIMEOUT'), type, state), DEADLINE_GRACE_MS).unref();
  });
}
