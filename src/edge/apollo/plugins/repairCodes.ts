import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { GraphQLError } from 'graphql';

import { checkNesting } from '../../../engine/operation/checkSource.js';

/**
 * Gives the errors that Apollo Server makes the codes of our table, where it has none or another:
 * the token ceiling, documents nested deeper than the parser's stack, and persisted queries whose hash does not fit.
 *
 * What graphql-js says of a document may quote a literal of any length: it is cut.
 */
export function repairCodes(): ApolloServerPlugin {
  const listener: GraphQLRequestListener<object> = {
    async didEncounterErrors({ errors, source }) {
      for (const error of errors) repair(error, source);
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}

const MAX_MESSAGE_CHARACTERS = 1500;
const ABOUT_THE_DOCUMENT: ReadonlySet<unknown> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);

interface Repairable {
  message: string;
  readonly extensions: { code?: unknown; http?: { readonly status?: number } };
}

function repair(error: Repairable, source: string | undefined): void {
  const { extensions } = error;
  if (error.message.length > MAX_MESSAGE_CHARACTERS && ABOUT_THE_DOCUMENT.has(extensions.code))
    error.message = `${error.message.slice(0, MAX_MESSAGE_CHARACTERS)}…`;
  if (extensions.code === 'GRAPHQL_PARSE_FAILED') {
    // graphql-js tells the two apart by text alone (language/parser.ts); a test guards it.
    const tooLong = error.message.includes('tokens. Parsing aborted');
    if (!tooLong && !(rootCause(error) instanceof RangeError)) return;
    const nesting = checkNesting(source ?? '');
    if (nesting !== undefined) {
      error.message = nesting.message;
      extensions.code = nesting.extensions['code'];
    } else if (tooLong) extensions.code = 'TOKEN_LIMIT_EXCEEDED';
    else error.message = 'Syntax Error: The document is nested too deeply.';
  } else if (extensions.code === undefined && extensions.http?.status === 400) {
    extensions.code = 'BAD_REQUEST';
  }
}

function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}
