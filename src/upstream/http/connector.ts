import { isIP, connect as connectTcp } from 'node:net';
import type { Socket, TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { buildConnector } from 'undici';

import type { ClientTls } from './ClientTls.js';
import type { HostAddresses } from './HostAddresses.js';

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

export interface ConnectorOptions {
  /** For name look-up, TCP and TLS handshake together. Milliseconds. */
  readonly timeoutMs: number;
  /** Where the host is; absent for a literal address. */
  readonly addresses?: HostAddresses | undefined;
  /** For https. */
  readonly tls?: ClientTls | undefined;
}

/** How long one address has before the next one is tried beside it, in milliseconds (RFC 8305, 5: 250). */
const NEXT_ADDRESS_MS = 250;

/**
 * A connector for undici. Ours instead of undici's because its connect timeout ticks every half second, and because we need to know
 * whether a socket that breaks has been used before.
 */
export function createConnector({ timeoutMs, addresses, tls }: ConnectorOptions): Connector {
  const connecting = new Set<Socket>();
  const openTls = createTlsOpener(tls);

  return {
    connect({ protocol, hostname, port, servername }, callback) {
      const isTls = protocol === 'https:';
      const target = targetOf(hostname, port === '' ? (isTls ? 443 : 80) : Number(port), addresses);
      const socket = isTls ? openTls(target, servername ?? hostname) : connectTcp(target);
      if (addresses !== undefined) reportAddresses(socket, addresses);
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
        if (!done()) return;
        addresses?.expire();
        callback(error, null);
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

function targetOf(host: string, port: number, addresses: HostAddresses | undefined): TcpNetConnectOpts {
  return {
    host,
    port,
    ...(addresses !== undefined && {
      lookup: addresses.lookup,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    }),
  };
}

/** Opens TLS sockets to one origin: each takes up the session of one before. */
function createTlsOpener(tls: ClientTls | undefined): (target: TcpNetConnectOpts, serverName: string) => Socket {
  let session: Buffer | undefined;
  return (target, serverName) => {
    const name = tls?.serverName ?? serverName;
    const socket = connectTls({
      ...target,
      servername: isIP(name) === 0 ? name : '',
      ALPNProtocols: ['http/1.1'],
      session,
      ...(tls !== undefined && { secureContext: tls.context }),
    });
    return socket.on('session', (fresh: Buffer) => (session = fresh));
  };
}

function reportAddresses(socket: Socket, addresses: HostAddresses): void {
  const failed = (address: string): void => addresses.failed(address);
  socket.on('connectionAttemptFailed', failed).on('connectionAttemptTimeout', failed);
}
