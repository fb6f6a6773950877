import { GraphQLError, execute, parse, validate } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLFieldResolver, GraphQLSchema } from 'graphql';

import { BoundedMap } from './BoundedMap.js';
import type { MockAnswer, MockCall } from './MockedSubgraph.js';
import { isMockObject } from './MockObject.js';
import type { MockContext } from './mockSubgraph.js';
import type { MockWorld } from './MockWorld.js';
import { resolveFields } from './resolveFields.js';
import type { SubgraphFacts } from './SubgraphFacts.js';

/** Documents kept parsed and validated. */
const MAX_DOCUMENTS = 500;

type Prepared = DocumentNode | readonly GraphQLError[];

/**
 * Gives the function that answers the calls of one subgraph, with graphql-js on its schema.
 *
 * Throws: an Error for a resolver of a type or field that is not there.
 */
export function answerCalls(world: MockWorld, subgraph: SubgraphFacts): (call: MockCall) => Promise<MockAnswer> {
  const { schema, name } = subgraph;
  const fieldResolver = resolveFields(world, subgraph) as GraphQLFieldResolver<unknown, unknown>;
  const prepare = keptDocuments(schema);
  return async (call) => {
    const prepared = prepare(call.query);
    if (!('kind' in prepared)) return plain({ errors: prepared });
    const result = await execute({
      schema,
      document: prepared,
      operationName: call.operationName,
      variableValues: call.variables,
      contextValue: { ...call, subgraph: name } satisfies MockContext,
      fieldResolver,
      typeResolver: (value) => (isMockObject(value) ? value.local : undefined),
    });
    return plain(result);
  };
}

/** Parses and validates, each text once. */
function keptDocuments(schema: GraphQLSchema): (query: string) => Prepared {
  const documents = new BoundedMap<Prepared>(MAX_DOCUMENTS);
  return (query) => {
    let prepared = documents.get(query);
    if (prepared === undefined) {
      prepared = parseAndValidate(schema, query);
      documents.set(query, prepared);
    }
    return prepared;
  };
}

function parseAndValidate(schema: GraphQLSchema, query: string): Prepared {
  try {
    const document = parse(query);
    const invalid = validate(schema, document);
    return invalid.length > 0 ? invalid : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** As it would come over the wire. */
function plain(result: ExecutionResult): MockAnswer {
  return JSON.parse(JSON.stringify(result)) as MockAnswer;
}
