import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError } from 'graphql';

/**
 * Gives the errors that Apollo Server makes the codes of our table, where it has none or another:
 * the token ceiling, documents nested deeper than the parser's stack, and persisted queries whose hash does not fit.
 */
export function repairCodes(): ApolloServerPlugin {
  const listener: GraphQLRequestListener<object> = {
    async didEncounterErrors({ errors }) {
      for (const error of errors) repair(error);
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}

interface Repairable {
  message: string;
  readonly extensions: { code?: unknown; http?: { readonly status?: number } };
}

function repair(error: GraphQLError): void {
  const { extensions } = error as Repairable;
  if (extensions.code === 'GRAPHQL_PARSE_FAILED') {
    // graphql-js tells the two apart by text alone (language/parser.ts); a test guards it.
    if (error.message.includes('tokens. Parsing aborted')) {
      extensions.code = 'TOKEN_LIMIT_EXCEEDED';
    } else if (rootCause(error) instanceof RangeError) {
      (error as Repairable).message = 'Syntax Error: The document is nested too deeply.';
    }
  } else if (extensions.code === undefined && extensions.http?.status === 400) {
    extensions.code = 'BAD_REQUEST';
  }
}

function rootCause(error: Error): Error {
  let cause: Error = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}
