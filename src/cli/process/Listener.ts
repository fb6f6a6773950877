import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

import type { PrimaryMessage } from './messages.js';

/** Connections that wait while no serving process is there (one was killed, the next starts). More are refused. */
const MAX_WAITING = 1024;
/** Longer than a start takes; a client that waits longer had better try elsewhere. */
const MAX_WAIT_MS = 10_000;

/**
 * The public socket, held by the primary, and its connections shared out in turn.
 *
 * Why not node:cluster: it closes the socket with its last process, so that a single serving process that dies leaves a refused port; and a
 * connection that it handed to a process that is dying hangs for ever. Here the socket stays open, and a connection whose receipt was not
 * confirmed goes to the next process.
 */
export class Listener {
  readonly #server: Server;
  readonly #serving: ChildProcess[] = [];
  readonly #waiting = new Map<Socket, NodeJS.Timeout>();
  /** Sent, receipt not confirmed. Nothing has been read of these. */
  readonly #sent = new Map<number, { readonly socket: Socket; readonly child: ChildProcess }>();
  #id = 0;
  #next = 0;

  constructor() {
    // Paused: nothing is read here, the first byte belongs to the serving process.
    this.#server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => this.#share(socket));
  }

  /** Gives the origin, `http://127.0.0.1:4000`. Errors: the operating system's (EADDRINUSE, EACCES). */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        const { address, port: bound, family } = this.#server.address() as AddressInfo;
        this.#server.off('error', reject);
        // Out of file descriptors, for example: those that are connected are served on.
        this.#server.on('error', () => {});
        resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
      });
    });
  }

  add(child: ChildProcess): void {
    this.#serving.push(child);
    for (const [socket, timer] of this.#waiting) {
      clearTimeout(timer);
      this.#share(socket);
    }
    this.#waiting.clear();
  }

  /** It takes no more; what is under way to it will arrive. */
  remove(child: ChildProcess): void {
    const at = this.#serving.indexOf(child);
    if (at >= 0) this.#serving.splice(at, 1);
  }

  /** It is dead: what it did not receive goes to others. */
  lost(child: ChildProcess): void {
    this.remove(child);
    for (const [id, sent] of this.#sent) {
      if (sent.child !== child) continue;
      this.#sent.delete(id);
      this.#share(sent.socket);
    }
  }

  /** The process has the connection: our copy of the descriptor goes, which the client does not notice. */
  received(id: number): void {
    this.#sent.get(id)?.socket.destroy();
    this.#sent.delete(id);
  }

  /** Stops accepting. Connections that have been shared out are not ours any more. */
  close(): void {
    this.#server.close();
    for (const [socket, timer] of this.#waiting) {
      clearTimeout(timer);
      socket.destroy();
    }
    this.#waiting.clear();
  }

  #share(socket: Socket): void {
    for (let tried = 0; tried < this.#serving.length; tried++) {
      const child = this.#serving[this.#next++ % this.#serving.length]!;
      if (!child.connected) continue;
      const id = ++this.#id;
      this.#sent.set(id, { socket, child });
      // An error means that the process is gone; its exit is reported too.
      child.send({ kind: 'connection', id } satisfies PrimaryMessage, socket, { keepOpen: true }, () => {});
      return;
    }
    this.#keepWaiting(socket);
  }

  #keepWaiting(socket: Socket): void {
    if (this.#waiting.size >= MAX_WAITING) return void socket.destroy();
    const timer = setTimeout(() => socket.destroy(), MAX_WAIT_MS).unref();
    this.#waiting.set(socket, timer);
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    });
  }
}
