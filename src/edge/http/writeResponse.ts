import { once } from 'node:events';

import { readyAnswers } from './AnswerTurn.js';
import type { Exchange } from './Exchange.js';
import { SECURITY_HEADERS } from './guards/securityHeaders.js';

/** Is true while the server drains: clients are told to take their next request elsewhere. */
export interface DrainState {
  draining: boolean;
}

/**
 * Writes a complete answer in one go, at the end of this turn of the event loop. Does nothing when the client has gone or somebody has
 * answered already.
 *
 * @param headers further headers, lower case; they may not repeat the ones written here.
 */
export function writeResponse(
  exchange: Exchange,
  state: DrainState,
  status: number,
  contentType: string,
  body: Buffer,
  headers?: Iterable<readonly [string, string]>,
): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  const head = responseHead(exchange, state, contentType, headers);
  head.push('content-length', String(body.length));
  exchange.responseBytes = body.length;
  response.writeHead(status, head);
  readyAnswers.end(exchange, exchange.raw.method === 'HEAD' ? undefined : body);
}

/** Writes an answer that comes in parts (`@defer`), at the pace of the client. */
export async function streamResponse(
  exchange: Exchange,
  state: DrainState,
  status: number,
  contentType: string,
  parts: AsyncIterable<string>,
  headers?: Iterable<readonly [string, string]>,
): Promise<void> {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, responseHead(exchange, state, contentType, headers));
  for await (const part of parts) {
    if (response.destroyed) return;
    exchange.responseBytes += Buffer.byteLength(part);
    if (!response.write(part)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}

function responseHead(
  exchange: Exchange,
  state: DrainState,
  contentType: string,
  headers: Iterable<readonly [string, string]> | undefined,
): string[] {
  const head = [...SECURITY_HEADERS, 'content-type', contentType, 'x-request-id', exchange.requestId];
  if (exchange.corsHeaders.length > 0) head.push(...exchange.corsHeaders);
  for (let index = 0; index < exchange.answerHeaders.length; index++) head.push(...exchange.answerHeaders[index]!);
  let cacheControl = 'no-store';
  if (headers !== undefined) {
    for (const [name, value] of headers) {
      if (name === 'content-type' || name === 'content-length') continue;
      if (name === 'cache-control') cacheControl = value;
      else head.push(name, value);
    }
  }
  // A cache that kept an answer with a cookie would give it to everybody (RFC 9111, 7.3).
  if (exchange.answerHeaders.some(([name]) => name === 'set-cookie')) cacheControl = 'no-store';
  head.push('cache-control', cacheControl);
  if (state.draining) head.push('connection', 'close');
  return head;
}
