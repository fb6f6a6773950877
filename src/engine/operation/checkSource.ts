import { TokenKind } from 'graphql';
import type { GraphQLError, Token } from 'graphql';

import { requestError } from './requestError.js';

/** Longer names exist in no schema; validation would repeat them in every message. */
const MAX_NAME_CHARACTERS = 1000;
/** Levels of braces, brackets and parentheses, and of expanded selection sets: no recursion after these checks meets more. */
export const MAX_NESTING = 200;
/** Every error that validation reports looks its line up from the top of the source: lines × errors. */
const MAX_LINES = 10_000;

/**
 * What can be told before lexing: refuses a source text that is too long. Lexing 2 MB of `#` lines or of a block string takes 150 ms,
 * so a protocol server calls this before it parses.
 */
export function checkSource(source: string, maxCharacters: number): GraphQLError | undefined {
  return source.length > maxCharacters
    ? requestError(
        'MAX_CHARACTERS_EXCEEDED',
        `The document has ${source.length} characters, at most ${maxCharacters} are allowed`,
      )
    : undefined;
}

/**
 * Whether a text nests deeper than documents may. For texts that the parser gave up: where its stack ends depends on how far the
 * process has compiled it, so the same text would be nested too deeply in one process and have too many tokens in the next.
 * Brackets in strings and comments do not count.
 */
export function checkNesting(source: string): GraphQLError | undefined {
  let nesting = 0;
  for (let at = 0; at < source.length; at++) {
    switch (source[at]) {
      case '{':
      case '[':
      case '(':
        if (++nesting > MAX_NESTING) return tooDeep();
        break;
      case '}':
      case ']':
      case ')':
        nesting--;
        break;
      case '#':
        while (at < source.length && !isLineEnd(source[at])) at++;
        break;
      case '"':
        at = source.startsWith('""', at + 1) ? endOfBlockString(source, at + 3) : endOfString(source, at + 1);
        break;
      default:
    }
  }
  return undefined;
}

function endOfString(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    const character = source[at];
    if (character === '"' || isLineEnd(character)) return at;
    if (character === '\\') at++;
  }
  return source.length;
}

function endOfBlockString(source: string, from: number): number {
  let at = source.indexOf('"""', from);
  while (at > 0 && source[at - 1] === '\\') at = source.indexOf('"""', at + 3);
  return at < 0 ? source.length : at + 2;
}

const isLineEnd = (character: string | undefined) => character === '\n' || character === '\r';

function tooDeep(): GraphQLError {
  return requestError('MAX_DEPTH_EXCEEDED', `The document nests more than ${MAX_NESTING} levels of brackets`);
}

/**
 * What the tokens of a parsed document tell: how many, how deep they nest, how long its names are, how many lines it has.
 * One walk along the parser's token list.
 */
export function checkTokens(first: Token, maxTokens: number): GraphQLError | undefined {
  let count = 0;
  let nesting = 0;
  for (let token: Token | null = first; token !== null; token = token.next) {
    if (token.line > MAX_LINES) {
      return requestError('MAX_CHARACTERS_EXCEEDED', `The document has more than ${MAX_LINES} lines`);
    }
    switch (token.kind) {
      case TokenKind.COMMENT:
      case TokenKind.SOF:
      case TokenKind.EOF:
        continue;
      case TokenKind.BRACE_L:
      case TokenKind.BRACKET_L:
      case TokenKind.PAREN_L:
        if (++nesting > MAX_NESTING) return tooDeep();
        break;
      case TokenKind.BRACE_R:
      case TokenKind.BRACKET_R:
      case TokenKind.PAREN_R:
        nesting--;
        break;
      case TokenKind.NAME:
        if (token.end - token.start > MAX_NAME_CHARACTERS) {
          return requestError(
            'TOKEN_LIMIT_EXCEEDED',
            `The document has a name of more than ${MAX_NAME_CHARACTERS} characters`,
          );
        }
        break;
      default:
    }
    if (++count > maxTokens) {
      return requestError('TOKEN_LIMIT_EXCEEDED', `The document has more than ${maxTokens} tokens`);
    }
  }
  return undefined;
}
