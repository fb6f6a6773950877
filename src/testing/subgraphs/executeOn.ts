import { execute, GraphQLError, parse, validate } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';

import type { TestCall } from '../records/TestCall.js';

/** Answers a call as a server over this schema would. Never rejects. */
export async function executeOn(
  schema: GraphQLSchema,
  call: Pick<TestCall, 'query' | 'variables' | 'operationName'>,
): Promise<ExecutionResult> {
  let document: DocumentNode;
  try {
    document = parse(call.query);
  } catch (error) {
    return { errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] };
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({
    schema,
    document,
    variableValues: call.variables,
    operationName: call.operationName ?? null,
    contextValue: call,
  });
}
