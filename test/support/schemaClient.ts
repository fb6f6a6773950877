import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { execute, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { SubgraphCall, SubgraphClient } from '../../src/upstream/SubgraphClient.js';
import { createInProcessClient } from '../../src/upstream/inProcessClient.js';

/** One call that reached the subgraph. */
export interface RecordedCall {
  readonly text: string;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string>>;
  readonly call: SubgraphCall;
}

export interface SchemaClient extends SubgraphClient {
  /** In the order of arrival. */
  readonly calls: RecordedCall[];
  readonly schema: GraphQLSchema;
}

export interface SchemaClientOptions {
  readonly name: string;
  /** Subgraph SDL with resolvers, or a finished schema. */
  readonly typeDefs?: string;
  readonly resolvers?: GraphQLResolverMap<unknown>;
  readonly schema?: GraphQLSchema;
  /** Runs before each execution: wait, throw, or nothing. */
  readonly before?: (call: RecordedCall) => void | Promise<void>;
}

/**
 * A subgraph in this process: an `@apollo/subgraph` schema executed by graphql-js, which records what it was asked.
 * The body is read the way a real subgraph reads it: from `bodyHead` and `variablesJson`, and the answer goes through JSON.
 */
export function createSchemaClient(options: SchemaClientOptions): SchemaClient {
  const schema =
    options.schema ??
    buildSubgraphSchema({ typeDefs: parse(options.typeDefs ?? ''), resolvers: options.resolvers ?? {} });
  const calls: RecordedCall[] = [];
  const client = createInProcessClient({
    name: options.name,
    answer: async (call) => {
      const { query, operationName, variables } = JSON.parse(bodyOf(call)) as {
        query: string;
        operationName?: string;
        variables?: Record<string, unknown>;
      };
      const recorded: RecordedCall = {
        text: query,
        operationName,
        variables: variables ?? {},
        headers: Object.fromEntries([...call.headers, ...call.correlation]),
        call,
      };
      calls.push(recorded);
      await options.before?.(recorded);
      const document = parse(query);
      const invalid = validate(schema, document);
      if (invalid.length > 0) return { errors: invalid.map((error) => error.toJSON()), status: 400 };
      const result = await execute({
        schema,
        document,
        variableValues: variables,
        operationName,
        contextValue: recorded,
      });
      return JSON.parse(JSON.stringify(result)) as { data?: unknown; errors?: unknown };
    },
  });
  return Object.assign(client, { calls, schema });
}

function bodyOf(call: SubgraphCall): string {
  const { bodyHead } = call.operation;
  return call.variablesJson === undefined ? `${bodyHead}}` : `${bodyHead},"variables":${call.variablesJson}}`;
}
