import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

import { writeJson } from '../../base/kit/json.js';
import type { AnswerData } from '../../engine/respond/AnswerData.js';
import { untouchedData } from './lazyData.js';

/**
 * The body of an answer as Apollo Server writes it (`errors`, `data`, `extensions`, a line feed), without serialising `data`
 * again unless a plugin has looked at it or replaced it.
 */
export function stringifyResult(result: FormattedExecutionResult): string {
  const data = untouched(result.data);
  if (data === undefined) return `${writeJson(result)}\n`;
  if (result.errors === undefined && result.extensions === undefined) return data.body.toString();
  const errors = result.errors === undefined ? '' : `"errors":${writeJson(result.errors)},`;
  const extensions = result.extensions === undefined ? '' : `,"extensions":${writeJson(result.extensions)}`;
  return `{${errors}"data":${data.text}${extensions}}\n`;
}

/** The same, ready for the socket. */
export function resultBody(result: FormattedExecutionResult): Buffer {
  const data = untouched(result.data);
  const isPlain = result.errors === undefined && result.extensions === undefined;
  return data !== undefined && isPlain ? data.body : Buffer.from(stringifyResult(result));
}

/** The body of an answer that the edge gives by itself. */
export function errorBody(errors: readonly GraphQLFormattedError[]): Buffer {
  return Buffer.from(`${JSON.stringify({ errors })}\n`);
}

function untouched(data: FormattedExecutionResult['data']): AnswerData | undefined {
  return data === undefined || data === null ? undefined : untouchedData(data);
}
