import type { ErrorCode } from '../../base/errors/codes.js';
import { codes } from '../../base/errors/codes.js';
import type { Exchange } from './Exchange.js';
import { drainRest } from './readBody.js';
import { errorBody } from './stringifyResult.js';
import { writeResponse } from './writeResponse.js';
import type { DrainState } from './writeResponse.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers a request that gets no further with a coded error. What is left of its body is read away. */
export function answerError(
  exchange: Exchange,
  state: DrainState,
  code: ErrorCode,
  headers?: ReadonlyArray<readonly [string, string]>,
): void {
  const { status, summary } = codes[code];
  const errors = [{ message: summary, extensions: { code, requestId: exchange.requestId } }];
  exchange.trace.errorCodes = [code];
  writeResponse(exchange, state, status, JSON_TYPE, errorBody(errors), headers);
  drainRest(exchange.raw);
}

/** Answers how something is, as JSON. */
export function answerStatus(exchange: Exchange, state: DrainState, status: number, body: object): void {
  writeResponse(exchange, state, status, JSON_TYPE, Buffer.from(JSON.stringify(body)));
  drainRest(exchange.raw);
}
