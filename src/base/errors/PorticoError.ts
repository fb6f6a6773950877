import { codes } from './codes.js';
import type { ErrorCode, ErrorSpec } from './codes.js';

export interface PorticoErrorOptions {
  /** Facts for the log: subgraph name, limit, time. Never sent to a client. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** For the head of an answer that this error is the reason of: lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The world's failure, thrown: a subgraph that hangs, a file that is missing, a limit that is passed.
 *
 * The message is for the operator (who, what, how much). Whether a client reads it is the code's `expose`; see
 * `clientMessage`. Mistakes of the programmer are plain `Error`s, mistakes in a GraphQL document are `GraphQLError`s.
 */
export class PorticoError extends Error {
  override readonly name = 'PorticoError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, options: PorticoErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.headers = options.headers ?? {};
  }

  get spec(): ErrorSpec {
    return codes[this.code];
  }

  /** What a client may read of this error. */
  get clientMessage(): string {
    const { expose, summary, answered = summary } = this.spec;
    if (expose) return this.message;
    return typeof this.details['status'] === 'number' ? answered : summary;
  }
}
