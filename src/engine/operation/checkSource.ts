import { TokenKind } from 'graphql';
import type { GraphQLError, Token } from 'graphql';

import { requestError } from './requestError.js';

/** Longer names exist in no schema; validation would repeat them in every message. */
const MAX_NAME_CHARACTERS = 1000;
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
 * What the tokens of a parsed document tell: how many, how deep they nest, how long its names are, how many lines it has.
 * One walk along the parser's token list.
 *
 * @param maxNesting levels of braces, brackets and parentheses
 */
export function checkTokens(first: Token, maxTokens: number, maxNesting: number): GraphQLError | undefined {
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
        if (++nesting > maxNesting) {
          return requestError('MAX_DEPTH_EXCEEDED', `The document nests more than ${maxNesting} levels of brackets`);
        }
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
