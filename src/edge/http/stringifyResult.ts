import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

import { writeJson } from '../../base/kit/json.js';
import { untouchedText } from './AnswerText.js';
import type { AnswerText } from './AnswerText.js';

/**
 * The body of an answer as Apollo Server writes it (`errors`, `data`, `extensions`, a line feed), without serialising `data`
 * again unless a plugin has looked at it or replaced it.
 */
export function stringifyResult(result: FormattedExecutionResult): string {
  const text = textOf(result.data);
  if (text === undefined) return `${writeJson(result)}\n`;
  const errors = result.errors === undefined ? '' : `"errors":${writeJson(result.errors)},`;
  const extensions = result.extensions === undefined ? '' : `,"extensions":${writeJson(result.extensions)}`;
  return `{${errors}"data":${text.text}${extensions}}\n`;
}

/** Below this a text is better joined to the head of the response than sent as bytes of its own: one system call on one string. */
const SMALL = 4096;

/** The same, ready for the socket: text when it is small, else bytes, made once for all requests that share an execution. */
export function resultBody(result: FormattedExecutionResult): Buffer | string {
  const text = textOf(result.data);
  if (text === undefined || text.text.length < SMALL) return stringifyResult(result);
  if (result.errors === undefined && result.extensions === undefined) return text.body;
  return Buffer.from(stringifyResult(result));
}

/** The body of an answer that the edge gives by itself. */
export function errorBody(errors: readonly GraphQLFormattedError[]): Buffer {
  return Buffer.from(`${JSON.stringify({ errors })}\n`);
}

function textOf(data: FormattedExecutionResult['data']): AnswerText | undefined {
  return data === undefined || data === null ? undefined : untouchedText(data);
}
