import type { Dispatcher } from 'undici';

import { PorticoError } from '../../base/errors/PorticoError.js';
import type { LifetimeEnd, LifetimeWatcher } from '../../base/kit/Lifetime.js';
import type { InFlight } from '../../base/kit/InFlight.js';
import { subgraphRetries } from '../../base/telemetry/channels.js';
import type { SubgraphCall, SubgraphReply } from '../SubgraphClient.js';
import { lifetimeError } from '../../base/errors/lifetimeError.js';

import { isErrorOfUsedSocket } from './connector.js';
import type { SubgraphDispatcher } from './PoolOptions.js';
import { decodeBody } from './decodeBody.js';
import { malformedError } from './readReply.js';
import type { readReply, ResponseHeaders } from './readReply.js';
import { isReset, transportError } from './transportError.js';

/** Where the calls of one client go. */
export interface HttpTarget {
  readonly subgraph: string;
  readonly origin: string;
  readonly pool: SubgraphDispatcher;
  /** Bytes of a body, before and after inflating. */
  readonly maxResponseBytes: number;
  /** From sending until the head of the answer has come, in milliseconds; absent for no limit of its own. */
  readonly responseHeaderTimeoutMs?: number | undefined;
  /** The exchanges under way, for who must end them. */
  readonly inFlight: InFlight<HttpExchange>;
  /** Makes a reply of a complete answer, or throws. */
  readonly read: typeof readReply;
}

/** 1xx answers accepted before the real one. */
const MAX_INFORMATIONAL = 16;
const NO_HEADERS: ResponseHeaders = {};
const NO_BYTES = Buffer.alloc(0);
/** Thrown at undici when it is about to send for a caller that has left: it drops the request and keeps the socket. */
const ABANDONED = new Error('the caller has left');

/**
 * One HTTP request and its answer, as undici's handler.
 *
 * HOT: one per subgraph call. Bench: bench/upstream.ts. All fields are set in the constructor; nothing is buffered twice.
 * Settles exactly once, and nothing it does throws into undici, except ABANDONED.
 */
export class HttpExchange implements Dispatcher.DispatchHandler, LifetimeWatcher {
  /** Where it is kept while it is under way. */
  slot: number;
  readonly #target: HttpTarget;
  readonly #call: SubgraphCall;
  readonly #request: Dispatcher.DispatchOptions;
  readonly #resolve: (reply: SubgraphReply) => void;
  readonly #reject: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #isSettled: boolean;
  #mayRetry: boolean;
  #hasAnswer: boolean;
  #informational: number;
  #status: number;
  #headers: ResponseHeaders;
  #size: number;
  /** The body while it is one chunk. */
  #chunk: Buffer;
  /** All chunks, once there are several. */
  #chunks: Buffer[] | undefined;
  #headTimer: NodeJS.Timeout | undefined;

  constructor(
    target: HttpTarget,
    call: SubgraphCall,
    request: Dispatcher.DispatchOptions,
    resolve: (reply: SubgraphReply) => void,
    reject: (error: Error) => void,
  ) {
    this.slot = -1;
    this.#target = target;
    this.#call = call;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#controller = undefined;
    this.#isSettled = false;
    this.#mayRetry = call.operation.kind === 'query';
    this.#hasAnswer = false;
    this.#informational = 0;
    this.#status = 0;
    this.#headers = NO_HEADERS;
    this.#size = 0;
    this.#chunk = NO_BYTES;
    this.#chunks = undefined;
    this.#headTimer = undefined;
  }

  start(): void {
    this.#target.inFlight.add(this);
    this.#call.lifetime.watch(this);
    if (!this.#isSettled) this.#target.pool.dispatch(this.#request, this);
  }

  /** Ends the call now: the caller gets `error`, the socket is closed. */
  fail(error: unknown): void {
    if (this.#isSettled) return;
    const controller = this.#controller;
    this.#finish(undefined, error);
    controller?.abort(ABANDONED);
  }

  onLifetimeEnd(end: LifetimeEnd): void {
    this.fail(lifetimeError(end, { subgraph: this.#target.subgraph }));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isSettled) throw ABANDONED;
    this.#controller = controller;
    const { responseHeaderTimeoutMs } = this.#target;
    if (responseHeaderTimeoutMs === undefined) return;
    clearTimeout(this.#headTimer);
    this.#headTimer = setTimeout(() => this.fail(this.#headTooLate(responseHeaderTimeoutMs)), responseHeaderTimeoutMs);
  }

  /** The first byte of an answer: from here on nothing is repeated. */
  onResponseStarted(): void {
    this.#hasAnswer = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (status < 200) {
      if (++this.#informational > MAX_INFORMATIONAL) this.fail(this.#transport(new Error('too many 1xx answers')));
      return;
    }
    if (this.#headTimer !== undefined) clearTimeout(this.#headTimer);
    this.#status = status;
    this.#headers = headers;
    const length = headers['content-length'];
    if (typeof length === 'string' && Number(length) > this.#target.maxResponseBytes) this.fail(this.#tooLarge());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return;
    this.#size += chunk.length;
    if (this.#size > this.#target.maxResponseBytes) return this.fail(this.#tooLarge());
    if (this.#chunks !== undefined) this.#chunks.push(chunk);
    else if (this.#chunk === NO_BYTES) this.#chunk = chunk;
    else this.#chunks = [this.#chunk, chunk];
  }

  onResponseEnd(): void {
    if (this.#isSettled) return;
    // The socket now serves others: a late abort must not reach it.
    this.#controller = undefined;
    const bytes = this.#chunks === undefined ? this.#chunk : Buffer.concat(this.#chunks, this.#size);
    const coding = this.#headers['content-encoding'];
    if (coding === undefined || bytes.length === 0) return this.#read(bytes);
    decodeBody(bytes, String(coding), this.#target.maxResponseBytes).then(
      (decoded) => this.#read(decoded),
      (error: unknown) => this.fail(malformedError(this.#target.subgraph, this.#status, describe(error), error)),
    );
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#isSettled) return;
    this.#controller = undefined;
    if (this.#mayRetry && !this.#hasAnswer && isReset(error) && isErrorOfUsedSocket(error)) {
      this.#mayRetry = false;
      if (subgraphRetries.hasSubscribers) {
        const { subgraph } = this.#target;
        subgraphRetries.publish({ subgraph, attempt: this.#call.attempt ?? 1, pauseMs: 0, cause: 'stale_socket' });
      }
      this.#target.pool.dispatch(this.#request, this);
      return;
    }
    this.#finish(undefined, this.#transport(error));
  }

  #read(bytes: Buffer): void {
    if (this.#isSettled) return;
    let reply: SubgraphReply;
    try {
      reply = this.#target.read(this.#target.subgraph, this.#status, this.#headers, bytes);
    } catch (error) {
      return this.#finish(undefined, error);
    }
    this.#finish(reply, undefined);
  }

  #finish(reply: SubgraphReply | undefined, error: unknown): void {
    this.#isSettled = true;
    this.#call.lifetime.unwatch(this);
    this.#target.inFlight.remove(this);
    if (this.#headTimer !== undefined) clearTimeout(this.#headTimer);
    this.#chunk = NO_BYTES;
    this.#chunks = undefined;
    this.#controller = undefined;
    if (reply !== undefined) this.#resolve(reply);
    else this.#reject(error as Error);
  }

  #transport(error: Error): PorticoError {
    return transportError(this.#target.subgraph, this.#target.origin, error);
  }

  #headTooLate(timeoutMs: number): PorticoError {
    const { subgraph } = this.#target;
    return new PorticoError('SUBGRAPH_TIMEOUT', `${subgraph} sent no head of an answer within ${timeoutMs} ms`, {
      details: { subgraph, timeoutMs, part: 'head' },
    });
  }

  #tooLarge(): PorticoError {
    return malformedError(this.#target.subgraph, this.#status, `more than ${this.#target.maxResponseBytes} bytes`);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `a body that cannot be decoded: ${error.message}` : 'a body that cannot be decoded';
}
