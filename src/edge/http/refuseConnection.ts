import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { ConnectionError } from 'fastify';

import { codes } from '../../base/errors/codes.js';
import { readyAnswers } from './AnswerTurn.js';
import { errorBody } from './stringifyResult.js';

/** What Node's HTTP parser refuses never becomes a request: answered here, and the connection ends (RFC 9112, 9.6). */
export function refuseConnection(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  // To requests before this one on the same connection.
  readyAnswers.write();
  if (!socket.writable) return void socket.destroy();
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'HEADERS_TOO_LARGE'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'REQUEST_TIMEOUT'
        : 'BAD_REQUEST';
  const { status, summary } = codes[code];
  const body = errorBody([{ message: summary, extensions: { code } }]);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close\r\n`;
  socket.end(`${head}content-length: ${body.length}\r\n\r\n${body.toString()}`, () => socket.destroy());
}
