import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CredentialedRequest, RequestContext, RequestTrace } from '../../request/context.js';
import { correlationOf } from '../../request/correlation.js';
import { anonymous } from '../../request/Identity.js';
import type { Identity } from '../../request/Identity.js';
import type { HeaderPairs } from '../../upstream/SubgraphClient.js';
import { finishedRequests } from '../../base/telemetry/channels.js';
import type { Clock } from '../../base/kit/Clock.js';
import { Lifetime } from '../../base/kit/Lifetime.js';
import type { Origin } from './trustedProxies.js';

/** Under this key Apollo Server's context value holds the RequestContext. A symbol of the registry, so that two copies of this file agree. */
export const requestContextKey: unique symbol = Symbol.for('portico.requestContext') as never;

/** Letters, digits and the punctuation of ids in use (UUID, ULID, ksuid, trace ids, base64url); never what could break a log or a header. */
const VALID_REQUEST_ID = /^[\w.:+=@-]{1,128}$/;

/** The client's `X-Request-ID` when it is a sane id, else a new one. */
export function requestIdFrom(header: string | undefined): string {
  return header !== undefined && VALID_REQUEST_ID.test(header) ? header : randomUUID();
}

export function newTrace(): RequestTrace {
  return {
    operationName: undefined,
    operationKind: undefined,
    subgraphCalls: 0,
    slowestSubgraph: undefined,
    slowestSubgraphMs: 0,
    planned: undefined,
    sharedWith: undefined,
    errorCodes: [],
    failures: [],
  };
}

/** What counts the requests in flight. */
export interface Places {
  /** Never refuses: for who has been let in before. */
  enterAgain(): void;
  leave(): void;
}

const MAX_USER_ID = 128;
const NO_HEADERS: readonly string[] = [];

/** One HTTP request and its answer: the RequestContext of a GraphQL request, and the source of its log line. */
export class Exchange implements RequestContext, CredentialedRequest {
  /** Where the connections keep it while it is open. */
  slot: number;
  readonly requestId: string;
  readonly lifetime: Lifetime;
  readonly correlation: HeaderPairs;
  identity: Identity;
  readonly answerHeaders: Array<readonly [name: string, value: string]>;
  readonly trace: RequestTrace;
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
  identityToken?: string | undefined;
  /** Of the client, as far as trusted proxies tell it; see trustedProxies.ts. */
  readonly clientIp: string | undefined;
  readonly isFromTrustedProxy: boolean;
  responseBytes: number;
  /** What pages of other origins need in the answer; names and values alternate. */
  corsHeaders: readonly string[];
  readonly #startedAt: number;
  #places: Places | undefined;

  /** Starts the request's total deadline, on the machine's clock unless another is given. */
  constructor(raw: IncomingMessage, response: ServerResponse, deadlineMs: number, origin: Origin, clock?: Clock) {
    this.slot = -1;
    this.raw = raw;
    this.response = response;
    this.clientIp = origin.clientIp;
    this.isFromTrustedProxy = origin.isFromTrustedProxy;
    this.#startedAt = performance.now();
    this.requestId = requestIdFrom(this.header('x-request-id'));
    this.correlation = correlationOf(this.requestId, (name) => this.header(name));
    this.identity = anonymous;
    this.answerHeaders = [];
    this.trace = newTrace();
    this.responseBytes = 0;
    this.#places = undefined;
    this.corsHeaders = NO_HEADERS;
    this.lifetime = new Lifetime(deadlineMs, clock);
  }

  /** It has entered: from now on it holds a place, which it leaves when it is closed. */
  holdPlace(places: Places): void {
    this.#places = places;
  }

  /** Gives its place to others; for good, or while its answer only waits for those of others. Gives where to hold one again. */
  yieldPlace(): Places | undefined {
    const places = this.#places;
    this.#places = undefined;
    places?.leave();
    return places;
  }

  header(name: string): string | undefined {
    // Node gives an object with a prototype: anything but text is not a header.
    const value: unknown = this.raw.headers[name];
    if (typeof value === 'string') return value;
    return Array.isArray(value) ? value.join(', ') : undefined;
  }

  headerNames(): Iterable<string> {
    return Object.keys(this.raw.headers);
  }

  get url(): string {
    return this.raw.url ?? '';
  }

  /** Node drops the second `authorization` without a word; only the raw list has both. */
  isRepeated(name: string): boolean {
    const { rawHeaders } = this.raw;
    let seen = false;
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const other = rawHeaders[at]!;
      if (other.length !== name.length || other.toLowerCase() !== name) continue;
      if (seen) return true;
      seen = true;
    }
    return false;
  }

  /** The path as the client wrote it, without the query string. */
  get path(): string {
    const { url } = this;
    const end = url.indexOf('?');
    return end < 0 ? url : url.slice(0, end);
  }

  /** Call once, when the response has closed: ends the lifetime and publishes the log line. */
  close(): void {
    const answered = this.response.writableFinished;
    if (answered) this.lifetime.close();
    else this.lifetime.end('cancelled');
    this.yieldPlace();
    if (!finishedRequests.hasSubscribers) return;
    const { trace } = this;
    finishedRequests.publish({
      requestId: this.requestId,
      method: this.raw.method ?? '',
      path: this.path,
      statusCode: answered ? this.response.statusCode : 499,
      latencyMs: Math.round((performance.now() - this.#startedAt) * 1000) / 1000,
      clientIp: this.clientIp,
      userAgent: this.header('user-agent'),
      userId: this.identity.subject?.slice(0, MAX_USER_ID),
      rateLimitRemaining: trace.rateLimitRemaining,
      costEstimated: trace.cost?.estimated,
      costActual: trace.cost?.actual,
      costResult: trace.cost?.result,
      operationName: trace.operationName,
      operationKind: trace.operationKind,
      backendService: trace.slowestSubgraph,
      backendLatencyMs:
        trace.slowestSubgraph === undefined ? undefined : Math.round(trace.slowestSubgraphMs * 1000) / 1000,
      subgraphCalls: trace.subgraphCalls,
      rest: trace.rest,
      sharedWith: trace.sharedWith,
      errorCodes: trace.errorCodes,
      responseBytes: this.responseBytes,
    });
  }
}
