import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** One request as it arrived. */
export interface ChaosRequest {
  /** Request line and headers, as sent. */
  readonly head: string;
  readonly body: string;
  /** From 0, over all connections. */
  readonly serial: number;
  /** From 0: which connection it came on. */
  readonly connection: number;
}

/** What a script does to the connection: any bytes, at any time. Errors of a socket that the other side closed are swallowed. */
export interface ChaosExchange {
  readonly request: ChaosRequest;
  readonly socket: Socket;
  /** Resolves when the bytes are flushed, or false when the socket is gone. */
  write(bytes: string | Buffer): Promise<boolean>;
  /** FIN. */
  end(bytes?: string | Buffer): void;
  /** RST. */
  reset(): void;
  /** Resolves when the socket is closed by whichever side. */
  readonly closed: Promise<void>;
}

export type ChaosScript = (exchange: ChaosExchange) => void | Promise<void>;

export interface ChaosUpstream {
  readonly origin: string;
  readonly port: number;
  /** `/graphql` at the origin. */
  readonly url: string;
  readonly requests: ChaosRequest[];
  /** Connections accepted so far. */
  readonly connections: number;
  readonly openSockets: number;
  /** From now on. */
  answerWith(script: ChaosScript): void;
  close(): Promise<void>;
}

/**
 * An upstream at TCP level that reads HTTP/1.1 requests with a `content-length` and answers by script.
 *
 * @param onConnect instead of reading requests: for handshakes that stall and the like.
 */
export async function startChaosUpstream(
  script: ChaosScript,
  onConnect?: (socket: Socket) => void,
): Promise<ChaosUpstream> {
  const sockets = new Set<Socket>();
  const requests: ChaosRequest[] = [];
  let current = script;
  let connections = 0;

  const server = createServer((socket) => {
    const connection = connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    if (onConnect !== undefined) return onConnect(socket);
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        const headEnd = received.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const head = received.toString('latin1', 0, headEnd);
        const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
        const bodyEnd = headEnd + 4 + length;
        if (received.length < bodyEnd) return;
        const body = received.toString('utf8', headEnd + 4, bodyEnd);
        received = received.subarray(bodyEnd);
        const request = { head, body, serial: requests.length, connection };
        requests.push(request);
        void current({
          request,
          socket,
          closed,
          write: (bytes) => {
            if (socket.destroyed) return Promise.resolve(false);
            const flushed = new Promise<boolean>((resolve) => socket.write(bytes, (error) => resolve(error == null)));
            return Promise.race([flushed, closed.then(() => false)]);
          },
          end: (bytes) => void (bytes === undefined ? socket.end() : socket.end(bytes)),
          reset: () => void socket.resetAndDestroy(),
        });
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    url: `http://127.0.0.1:${port}/graphql`,
    requests,
    get connections() {
      return connections;
    },
    get openSockets() {
      return sockets.size;
    },
    answerWith(next) {
      current = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The bytes of an HTTP/1.1 answer. `content-length` and a JSON type are added unless given; a header set to undefined is left out. */
export function httpAnswer(
  body: string | Buffer,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string | string[] | undefined> } = {},
): Buffer {
  const bytes = Buffer.from(body as string);
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}\r\n`),
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}
