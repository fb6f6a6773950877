import { HeaderMap } from '@apollo/server';
import type {
  ApolloServerPlugin,
  GraphQLRequestListener,
  HTTPGraphQLRequest,
  HTTPGraphQLResponse,
} from '@apollo/server';
import type { GatewayExecutor, GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';

import { isJsonObject } from '../../base/kit/isJsonObject.js';
import type { GraphQLContext } from '../http/serveGraphQL.js';

/** A document that Apollo Server has parsed, checked and validated. */
interface Known {
  readonly document: DocumentNode;
  readonly queryHash: string;
  readonly operation: OperationDefinitionNode;
}

const MAX_DOCUMENTS = 500;
const MAX_CHARACTERS = 20_000;
/** Whether a document may ask the schema: the answer to that may change while this server runs, so it is asked each time. */
const INTROSPECTION = /__schema|__type(?!name)/;

/**
 * Lets a POST whose document was validated before go straight to the executor.
 *
 * Why we go round Apollo Server here: for a document it knows, its pipeline hashes the text, asks the store, runs some twenty hooks that
 * have nothing to do and awaits each of them: more than a third of the CPU time of a small request (bench: `npm run bench`, body
 * "light"). Everything that is not this one case (GET, persisted queries, an unknown text, a body with extensions) takes its pipeline,
 * and what it decides is what is remembered here: a document is known when it comes to be executed.
 *
 * What is known belongs to one schema and is forgotten with it, so a generation's documents run on that generation or not at all.
 */
export class KnownDocuments {
  readonly #documents = new LRUCache<string, Map<string | undefined, Known>>({ max: MAX_DOCUMENTS });
  #schema: GraphQLSchema | undefined;
  #executor: GatewayExecutor | undefined;

  /** The schema that is served from now on. */
  serve(schema: GraphQLSchema): void {
    this.#schema = schema;
    this.#documents.clear();
  }

  use(executor: GatewayExecutor): void {
    this.#executor = executor;
  }

  /** Learns what comes to be executed. Not in `didResolveOperation`: those hooks run side by side, one that refuses stops no other. */
  plugin(): ApolloServerPlugin<GraphQLContext> {
    const listener: GraphQLRequestListener<GraphQLContext> = {
      executionDidStart: async ({ schema, source, document, operation, queryHash, request }) => {
        if (schema !== this.#schema || source === undefined || operation === undefined) return;
        if (source.length > MAX_CHARACTERS || INTROSPECTION.test(source)) return;
        let operations = this.#documents.get(source);
        if (operations === undefined) this.#documents.set(source, (operations = new Map<string | undefined, Known>()));
        operations.set(request.operationName ?? undefined, { document, queryHash, operation });
      },
    };
    return { requestDidStart: () => Promise.resolve(listener) };
  }

  /** The answer to a request whose document is known; undefined for any other request. */
  answer({ method, body }: HTTPGraphQLRequest, context: GraphQLContext): Promise<HTTPGraphQLResponse> | undefined {
    if (method !== 'POST' || this.#executor === undefined || this.#schema === undefined || !isPlainBody(body))
      return undefined;
    const known = this.#documents.get(body.query)?.get(body.operationName ?? undefined);
    return known && execute(this.#executor, this.#schema, known, body, context);
  }
}

function execute(
  executor: GatewayExecutor,
  schema: GraphQLSchema,
  { document, queryHash, operation }: Known,
  { query, operationName, variables }: PlainBody,
  context: GraphQLContext,
): Promise<HTTPGraphQLResponse> {
  const result = executor({
    request: { operationName: operationName ?? undefined, variables: variables ?? undefined },
    schema,
    source: query,
    document,
    queryHash,
    operation,
    operationName: operation.name?.value ?? null,
    context,
  } as unknown as GatewayGraphQLRequestContext);
  return result.then(respond);
}

interface PlainBody {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
}

/** A body that needs no judging: members of the right types, no extensions. */
function isPlainBody(body: unknown): body is PlainBody {
  if (!isJsonObject(body)) return false;
  const { query, operationName, variables, extensions } = body;
  return (
    typeof query === 'string' &&
    (operationName === undefined || operationName === null || typeof operationName === 'string') &&
    (variables === undefined || variables === null || isJsonObject(variables)) &&
    (extensions === undefined || extensions === null)
  );
}

type Result = Awaited<ReturnType<GatewayExecutor>>;

/** As Apollo Server does it: errors as plain objects with a code, the HTTP status and headers that one of them asks for. */
function respond({ data, errors, extensions }: Result): HTTPGraphQLResponse {
  if (errors === undefined && extensions === undefined && data !== undefined) return complete({ data }, NO_HEADERS);
  const headers = new HeaderMap();
  let status: number | undefined;
  const result: Record<string, unknown> = {};
  if (errors !== undefined) {
    result['errors'] = errors.map((error) => {
      const { http, ...rest } = error.extensions as { http?: ErrorHead } & GraphQLError['extensions'];
      if (http?.status !== undefined) status = http.status;
      for (const [name, value] of http?.headers ?? []) headers.set(name, value);
      return { ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', ...rest } };
    });
  }
  if (data !== undefined) result['data'] = data;
  if (extensions !== undefined) result['extensions'] = extensions;
  const response = complete(result, headers);
  return status === undefined ? response : { ...response, status };
}

/** Nobody writes into it: what goes round Apollo Server is read by the edge alone. */
const NO_HEADERS = new HeaderMap();

/** The edge serialises (see createApolloServer). */
function complete(result: object, headers: HeaderMap): HTTPGraphQLResponse {
  return { headers, body: { kind: 'complete', string: result as unknown as string } };
}

interface ErrorHead {
  readonly status?: number;
  readonly headers?: Iterable<readonly [string, string]>;
}
