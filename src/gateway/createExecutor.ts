import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
} from '@apollo/server-gateway-interface';
import { GraphQLError } from 'graphql';

import { requestErrorFrom } from '../edge/apollo/requestErrorFrom.js';
import { lazyData } from '../edge/http/lazyData.js';
import { requestContextKey } from '../edge/http/Exchange.js';
import { parsePlainJson } from '../edge/http/plainJson.js';
import { requestError } from '../engine/operation/requestError.js';
import type { Authenticate, CachePolicy, GraphQLReply, RequestContext } from '../request/context.js';
import type { HeaderPairs } from '../upstream/SubgraphClient.js';
import { PorticoError } from '../base/errors/PorticoError.js';
import { parseJson } from '../base/kit/json.js';
import { failures } from '../base/telemetry/channels.js';
import { ApolloClientRequest } from './hooks/ApolloClientRequest.js';
import { LibraryContext } from './LibraryContext.js';
import type { Generations } from './reload.js';

type ApolloRequest = GatewayGraphQLRequestContext<{ readonly [requestContextKey]?: RequestContext }>;

/** The headers of an Apollo Server's answer. */
interface Head {
  get(name: string): string | null | undefined;
  set(name: string, value: string): unknown;
}

/**
 * What Apollo Server calls with a validated document. Never rejects.
 *
 * @param deadlineMs for requests that bring no deadline, because they did not come through our own edge
 * @param authenticate for the same requests: our own edge has done it before Apollo Server has seen them
 */
export function createExecutor(
  generations: Generations,
  deadlineMs: number,
  authenticate?: Authenticate,
): GatewayExecutor {
  const executeForLibrary: GatewayExecutor = async (request) => {
    const own = new LibraryContext(request.request.http, deadlineMs);
    const refusal = authenticate === undefined ? undefined : await refusalOf(authenticate, own);
    const result =
      refusal === undefined ? await execute(generations, request, own, parsePlainJson) : { errors: [refusal] };
    own.lifetime.close();
    const head = request.response?.http?.headers;
    if (head !== undefined) writeHeaders(head, own.answerHeaders);
    return withRequestId(result, own.requestId);
  };
  return (request) => {
    const context = (request as ApolloRequest).context[requestContextKey];
    return context === undefined ? executeForLibrary(request) : execute(generations, request, context, parseJson);
  };
}

async function refusalOf(authenticate: Authenticate, context: LibraryContext): Promise<GraphQLError | undefined> {
  try {
    await authenticate(context);
    return undefined;
  } catch (error) {
    return requestErrorFrom(error);
  }
}

async function execute(
  generations: Generations,
  apollo: GatewayGraphQLRequestContext,
  context: RequestContext,
  parse: (text: string) => unknown,
): Promise<GatewayExecutionResult> {
  const operationName = apollo.request.operationName ?? undefined;
  // Apollo Server calls with none when the name fits no operation, and turns our error into OPERATION_RESOLUTION_FAILURE.
  if ((apollo.operation as unknown) === undefined) return { errors: [unknownOperation(operationName)] };
  const { operation } = apollo.operation;
  if (!apollo.schema.getRootType(operation)) {
    // No validation rule of the specification says it; graphql-js does when it executes.
    return { errors: [requestError('GRAPHQL_VALIDATION_FAILED', `The schema has no ${operation} operations`)] };
  }
  const served = generations.find(apollo.schema);
  if (served === undefined || served.closed) {
    return { errors: [requestErrorFrom(new PorticoError('OVERLOADED', 'The generation of this request is closed'))] };
  }
  generations.enter(served);
  try {
    const reply = await served.generation.handle({
      document: apollo.document,
      documentHash: apollo.queryHash,
      operationName,
      variables: variablesOf(apollo),
      context,
      origin: new ApolloClientRequest(apollo, context),
    });
    if (reply.headers !== undefined) addHeaders(context, reply.headers);
    if (reply.cachePolicy !== undefined) restrictCaching(apollo, reply.cachePolicy);
    return resultOf(reply, parse);
  } catch (error) {
    context.trace.failures.push(error);
    return { errors: [requestErrorFrom(error)] };
  } finally {
    generations.leave(served);
    publishFailures(context);
  }
}

/** Apollo Server reads those of a GET itself, and integers beyond 2^53 lose digits; those of a POST were read by our edge. */
function variablesOf({ request }: GatewayGraphQLRequestContext): Readonly<Record<string, unknown>> | undefined {
  const { variables, http } = request;
  if (variables === undefined || http?.method !== 'GET') return variables;
  const search = http.url.slice(http.url.indexOf('?') + 1);
  const text = new URLSearchParams(search).get('variables');
  return text !== null && /\d{16}/.test(text) ? (parseJson(text) as Record<string, unknown>) : variables;
}

/** What the gateway says itself is not said a second time by a subgraph. */
function addHeaders({ answerHeaders }: RequestContext, headers: HeaderPairs): void {
  for (const pair of headers) if (!answerHeaders.some(([name]) => name === pair[0])) answerHeaders.push(pair);
}

/**
 * Apollo Server keeps one text per name. Several cookies are handed over as a list all the same: its integrations give values to Node's
 * `setHeader`, which writes a line for each.
 */
function writeHeaders(head: Head, pairs: HeaderPairs): void {
  const cookies: string[] = [];
  for (const [name, value] of pairs) {
    if (name === 'set-cookie') cookies.push(value);
    else head.set(name, value);
  }
  if (cookies.length === 0) return;
  const all = [head.get('set-cookie') ?? [], cookies].flat();
  head.set('set-cookie', all.length === 1 ? all[0]! : (all as unknown as string));
}

/** Apollo Server makes `Cache-Control` of it, and its response cache plugin goes by it. Other servers may have no such thing. */
function restrictCaching(apollo: GatewayGraphQLRequestContext, policy: CachePolicy): void {
  const overall = apollo.overallCachePolicy as { restrict?: (policy: CachePolicy) => void } | undefined;
  overall?.restrict?.(policy);
}

function resultOf(reply: GraphQLReply, parse: (text: string) => unknown): GatewayExecutionResult {
  const result: {
    data?: Record<string, unknown> | null;
    errors?: readonly GraphQLError[];
    extensions?: Record<string, unknown>;
  } = {};
  if (reply.data !== undefined) result.data = reply.data.isNull ? null : lazyData(reply.data, parse);
  if (reply.errors.length > 0) result.errors = reply.errors;
  // Copied: a plugin may add to it, and the reply may be shared.
  if (reply.extensions !== undefined) result.extensions = { ...reply.extensions };
  return result;
}

function unknownOperation(operationName: string | undefined): GraphQLError {
  return new GraphQLError(
    operationName === undefined
      ? 'Must provide operation name if query contains multiple operations.'
      : `Unknown operation named "${operationName}".`,
  );
}

/** Copies: an error may be shared with other requests. */
function withRequestId(result: GatewayExecutionResult, requestId: string): GatewayExecutionResult {
  if (result.errors === undefined) return result;
  const errors = result.errors.map(
    (error) =>
      new GraphQLError(error.message, {
        nodes: error.nodes ?? null,
        source: error.source ?? null,
        positions: error.positions ?? null,
        path: error.path ?? null,
        originalError: error.originalError ?? null,
        extensions: { ...error.extensions, requestId },
      }),
  );
  return { ...result, errors };
}

function publishFailures({ requestId, trace }: RequestContext): void {
  if (!failures.hasSubscribers) return;
  for (const error of trace.failures) failures.publish({ requestId, error });
}
