import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Stands between a client and its Redis, and lets it misbehave. */
export interface RedisProxy {
  readonly url: string;
  /** Commands by name, as they passed. */
  readonly commands: string[];
  /** Connections that have ended. */
  readonly ended: number;
  /** Answers come so much later. Milliseconds. */
  delay(ms: number): void;
  /** Answers never come. */
  swallow(): void;
  /** These bytes come instead of each answer. */
  answer(bytes: string): void;
  pass(): void;
  /** Cuts all connections. */
  cut(): void;
  close(): Promise<void>;
}

export async function startRedisProxy(port: number): Promise<RedisProxy> {
  const sockets = new Set<Socket>();
  const commands: string[] = [];
  let ended = 0;
  let onAnswer: (chunk: Buffer, client: Socket) => void = write;
  const server = createServer((client) => {
    const redis = connect({ host: '127.0.0.1', port });
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        if (socket === client) ended++;
        client.destroy();
        redis.destroy();
      });
    }
    client.on('data', (chunk) => {
      commands.push(...commandsIn(chunk.toString('latin1')));
      redis.write(chunk);
    });
    redis.on('data', (chunk) => onAnswer(chunk, client));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commands,
    get ended() {
      return ended;
    },
    delay: (ms) => void (onAnswer = (chunk, client) => void setTimeout(write, ms, chunk, client)),
    swallow: () => void (onAnswer = () => {}),
    answer: (bytes) => void (onAnswer = (_chunk, client) => write(Buffer.from(bytes), client)),
    pass: () => void (onAnswer = write),
    cut,
    close: async () => {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}

function write(chunk: Buffer, client: Socket): void {
  if (!client.destroyed) client.write(chunk);
}

/** Of a pipeline in RESP: the first word of each array. Good enough for chunks that are not split. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/\*\d+\r\n\$\d+\r\n([A-Za-z]+)\r\n/g)].map(([, name]) => name!.toUpperCase());
}
