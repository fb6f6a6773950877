import { connect } from 'node:net';

/** Sends bytes as they are and gives everything that comes back until the other side closes (or `untilMs` has passed). */
export function rawHttp(url: string, bytes: string | Buffer, untilMs = 20_000): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let received = '';
    const timer = setTimeout(() => socket.destroy(), untilMs);
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
    socket.write(bytes);
  });
}
