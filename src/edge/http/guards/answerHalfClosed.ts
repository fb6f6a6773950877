import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * When a client that has ended its side is asked for a sign of life: twice soon (the first write makes one that is gone reset, the second
 * notices it), then each second. Not at once: most answers are there before, and simple clients take the first status line for theirs.
 */
const FIRST_MS = [20, 40];
const EACH_MS = 1000;

/**
 * A client that sends FIN after its request may still read (half-close, RFC 9293 section 3.6; some load generators and `nc` do it) or
 * may be gone: the FIN is the same. Node takes every one for gone and drops the answer. Here such a client gets `102 Processing`
 * (RFC 2518 section 10.1; any client must skip a 1xx it does not know, RFC 9110 section 15.2): one that reads skips it, one that is gone
 * resets the connection, which the write after that notices. The response then closes, as ever, and what runs for it is aborted.
 *
 * @param pending the answers that this connection waits for
 */
export function answerHalfClosed(server: Server, pending: (socket: Socket) => Iterable<ServerResponse>): void {
  // Node's own switch, without a line in its documentation or types (lib/_http_server.js, socketOnEnd; 0.6 to 24).
  (server as Server & { httpAllowHalfOpen?: boolean }).httpAllowHalfOpen = true;
  server.on('connection', (socket) => {
    // Sockets that the primary has accepted come without it.
    socket.allowHalfOpen = true;
    socket.once('end', () => watch(socket, pending));
  });
}

function watch(socket: Socket, pending: (socket: Socket) => Iterable<ServerResponse>): void {
  const ask = (): void => {
    for (const response of pending(socket)) {
      if (response.headersSent) continue;
      // No 1xx in HTTP/1.0 (RFC 9110 section 15.2).
      if (response.req.httpVersionMinor === 0) socket.destroy();
      else response.writeProcessing();
      return;
    }
  };
  const soon = FIRST_MS.map((delay) => setTimeout(ask, delay));
  const each = setInterval(ask, EACH_MS);
  socket.once('close', () => {
    soon.forEach(clearTimeout);
    clearInterval(each);
  });
}
