import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import fastify from 'fastify';
import { GraphQLError, execute, parse, validate } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';

export interface SubgraphOptions<Context> {
  /** The folder of the subgraph: its schema.graphql is read from there. Usually `import.meta.dirname`. */
  readonly directory: string;
  /** The generated `Resolvers` type of the subgraph. */
  readonly resolvers: object;
  /** Called once per request: data loaders live as long as one request. */
  readonly createContext: (headers: IncomingHttpHeaders) => Context;
  /** 0 for any free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
}

export interface RunningSubgraph {
  readonly url: string;
  close(): Promise<void>;
}

/** The options every demo subgraph takes. */
export interface StartOptions {
  /** 0 for any free port; default: the port in schema/supergraph.graphql. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
}

interface GraphQLBody {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
}

const MAX_PARSED_DOCUMENTS = 1000;

/** Serves one subgraph with Fastify, @apollo/subgraph and graphql-js at `POST /graphql`. */
export async function serveSubgraph<Context>(options: SubgraphOptions<Context>): Promise<RunningSubgraph> {
  const sdl = await readFile(`${options.directory}/schema.graphql`, 'utf8');
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: options.resolvers as GraphQLResolverMap<unknown>,
  });
  const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();
  const host = options.host ?? '127.0.0.1';
  const app = fastify({ forceCloseConnections: true });

  app.post<{ Body: GraphQLBody | null }>('/graphql', async (request, reply) => {
    const { query, variables, operationName } = request.body ?? {};
    if (typeof query !== 'string') {
      return reply.code(400).send({ errors: [{ message: 'The body has no query' }] });
    }
    const document = prepare(schema, query, documents);
    if (Array.isArray(document)) return reply.code(400).send({ errors: document });
    const result: ExecutionResult = await execute({
      schema,
      document: document as DocumentNode,
      variableValues: variables as Record<string, unknown> | undefined,
      operationName: operationName as string | undefined,
      contextValue: options.createContext(request.headers),
    });
    return reply.send(result);
  });
  app.get('/health', () => ({ status: 'ok' }));

  await app.listen({ port: options.port, host });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://${host}:${port}/graphql`, close: () => app.close() };
}

/** A gateway sends few different documents, so each is parsed and validated once. */
function prepare(
  schema: GraphQLSchema,
  query: string,
  documents: Map<string, DocumentNode | readonly GraphQLError[]>,
): DocumentNode | readonly GraphQLError[] {
  const known = documents.get(query);
  if (known !== undefined) return known;
  let prepared: DocumentNode | readonly GraphQLError[];
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    prepared = errors.length === 0 ? document : errors;
  } catch (error) {
    prepared = [error instanceof GraphQLError ? error : new GraphQLError(String(error))];
  }
  if (documents.size >= MAX_PARSED_DOCUMENTS) documents.clear();
  documents.set(query, prepared);
  return prepared;
}
