import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';

import { InFlight } from '../../base/kit/InFlight.js';
import type { Exchange } from './Exchange.js';
import { answerHalfClosed } from './guards/answerHalfClosed.js';

const POLL_MS = 20;

/** The connections of a listener, and the requests that are being answered on them. */
export class Connections {
  readonly #sockets = new Set<Socket>();
  /** Accepted, and no request has come yet: the first one is under way, most likely. */
  readonly #fresh = new Set<Socket>();
  readonly #open = new InFlight<Exchange>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      this.#fresh.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#fresh.delete(socket);
        // Node closes the response that is being written; those of pipelined requests behind it are never heard of again.
        for (const exchange of this.#openOn(socket)) {
          this.#end(exchange);
          exchange.response.destroy();
        }
      });
    });
    answerHalfClosed(server, (socket) => this.#openOn(socket).map(({ response }) => response));
  }

  /** How many requests are being answered. */
  get openRequests(): number {
    return this.#open.size;
  }

  /** Takes in a request that has begun, until its answer is written or its client has gone: it is closed then. */
  begin(exchange: Exchange): void {
    this.#open.add(exchange);
    this.#fresh.delete(exchange.raw.socket);
    exchange.response.once('close', () => this.#end(exchange));
  }

  #openOn(socket: Socket): readonly Exchange[] {
    return this.#open.all().filter(({ raw }) => raw.socket === socket);
  }

  #end(exchange: Exchange): void {
    if (exchange.slot < 0) return;
    this.#open.remove(exchange);
    exchange.close();
  }

  /** Done when all connections have ended, at the latest after `waitMs`. */
  ended(waitMs: number): Promise<void> {
    return whileSome(() => this.#sockets.size, waitMs);
  }

  /** Done when each connection has had a request, at the latest after `waitMs`. */
  begun(waitMs: number): Promise<void> {
    return whileSome(() => this.#fresh.size, waitMs);
  }

  /** Done when all requests are answered. */
  answered(): Promise<void> {
    return whileSome(() => this.#open.size, Infinity);
  }
}

async function whileSome(count: () => number, waitMs: number): Promise<void> {
  const until = performance.now() + waitMs;
  while (count() > 0 && performance.now() < until) await setTimeoutPromise(POLL_MS);
}
