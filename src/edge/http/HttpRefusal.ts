import type { GraphQLFormattedError } from 'graphql';

import { codes } from '../../base/errors/codes.js';
import type { ErrorCode } from '../../base/errors/codes.js';

/** The edge does not take this request: no GraphQL server has seen it. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';
  readonly status: number;
  readonly code: ErrorCode;
  /** Response headers, lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string = codes[code].summary, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = codes[code].status;
    this.headers = headers;
  }

  toJSON(): GraphQLFormattedError {
    return { message: this.message, extensions: { code: this.code } };
  }
}
