import type { IncomingMessage } from 'node:http';

import type { Lifetime } from '../../base/kit/Lifetime.js';
import { HttpRefusal } from './HttpRefusal.js';

/** What a refused client may still send before its connection is cut, so that it reads the refusal instead of a reset. */
const DRAIN_BYTES = 4 * 1024 * 1024;
const DRAIN_MS = 1000;

/**
 * Reads the whole body, at most `maxBytes`.
 *
 * Errors: PAYLOAD_TOO_LARGE, before the first byte is read when the client announces the size; REQUEST_TIMEOUT when the lifetime
 * ends first; REQUEST_CANCELLED when the client leaves.
 */
export function readBody(request: IncomingMessage, maxBytes: number, lifetime: Lifetime): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isDone = false;
    let detach = (): void => {};
    // Listeners stay: the request ends with its body, and taking four of them off costs more than not listening to them.
    const finish = (error: HttpRefusal | undefined): void => {
      isDone = true;
      detach();
      if (error !== undefined) reject(error);
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    };
    const onData = (chunk: Buffer): void => {
      if (isDone) return;
      size += chunk.length;
      if (size > maxBytes) {
        request.pause();
        finish(tooLarge(maxBytes));
      } else chunks.push(chunk);
    };
    const onEnd = (): void => {
      if (!isDone) finish(undefined);
    };
    // Every request closes in the end; an error with its stack is only made for those that close too early.
    const onGone = (): void => {
      if (!isDone) finish(new HttpRefusal('REQUEST_CANCELLED'));
    };
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
    detach = lifetime.onEnd(() => finish(new HttpRefusal('REQUEST_TIMEOUT')));
  });
}

/**
 * Call after refusing a request whose body has not been read. Closing at once would make the kernel reset the connection, and the
 * client would lose our answer (RFC 9112, 9.6); reading on without end would be a gift. So: a bounded rest, then the end.
 */
export function drainRest(request: IncomingMessage): void {
  // A request that was put in by hand (`inject`) never says `complete`, and has no socket to end.
  if (request.complete || request.readableEnded) return;
  let left = DRAIN_BYTES;
  // Of a message that is not complete this ends the connection.
  const cut = (): void => void request.destroy();
  const timer = setTimeout(cut, DRAIN_MS).unref();
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) cut();
  });
  request.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
  request.resume();
}

function tooLarge(maxBytes: number): HttpRefusal {
  return new HttpRefusal('PAYLOAD_TOO_LARGE', `The request body is larger than ${maxBytes} bytes`);
}
