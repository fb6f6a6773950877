import { isIP, connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { buildConnector } from 'undici';

/** How sockets to one origin are opened. */
export interface Connector {
  readonly connect: buildConnector.connector;
  /** Drops the sockets that are not connected yet. */
  abort(): void;
}

/** The connection did not come up in time. */
export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';
  readonly code = 'CONNECT_TIMEOUT';

  constructor(timeoutMs: number) {
    super(`no connection within ${timeoutMs} ms`);
  }
}

const errorsOfUsedSockets = new WeakSet<Error>();

/**
 * Whether this error broke a socket that had carried an answer before: most likely a keep-alive connection that the server
 * closed while it was idle.
 */
export function isErrorOfUsedSocket(error: Error): boolean {
  return errorsOfUsedSockets.has(error);
}

/**
 * A connector for undici. Ours instead of undici's because its connect timeout ticks every half second, and because we need to know
 * whether a socket that breaks has been used before.
 *
 * @param timeoutMs for name look-up, TCP and TLS handshake together.
 */
export function createConnector(timeoutMs: number): Connector {
  const connecting = new Set<Socket>();
  let session: Buffer | undefined;

  return {
    connect({ protocol, hostname, port, servername }, callback) {
      const isTls = protocol === 'https:';
      let socket: Socket;
      if (isTls) {
        const name = servername ?? hostname;
        const tlsSocket = connectTls({
          host: hostname,
          port: port === '' ? 443 : Number(port),
          servername: isIP(name) === 0 ? name : '',
          ALPNProtocols: ['http/1.1'],
          session,
        });
        tlsSocket.on('session', (fresh: Buffer) => (session = fresh));
        socket = tlsSocket;
      } else {
        socket = connectTcp({ host: hostname, port: port === '' ? 80 : Number(port) });
      }
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 60_000);

      let bytesAtStart = Infinity;
      connecting.add(socket);
      const timer = setTimeout(() => socket.destroy(new ConnectTimeoutError(timeoutMs)), timeoutMs);
      const done = (): boolean => {
        clearTimeout(timer);
        return connecting.delete(socket);
      };
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        bytesAtStart = socket.bytesRead;
        if (done()) callback(null, socket);
      });
      socket.on('error', (error) => {
        if (socket.bytesRead > bytesAtStart) errorsOfUsedSockets.add(error);
        if (done()) callback(error, null);
      });
      socket.on('close', () => {
        if (done()) callback(new Error('the socket was closed before it was connected'), null);
      });
    },
    abort() {
      for (const socket of connecting) socket.destroy(new Error('the client is closed'));
    },
  };
}
