import type { ErrorCode } from '../base/errors/codes.js';
import type { Lifetime } from '../base/kit/Lifetime.js';
import type { RestFetch } from '../base/telemetry/channels.js';

/** Header names (lower case) and values. A pair per value, so a name may occur twice. */
export type HeaderPairs = ReadonlyArray<readonly [name: string, value: string]>;

/** The text of one sub-request. Made when a plan is compiled, used for every request that runs the plan. */
export interface SubgraphOperation {
  readonly kind: 'query' | 'mutation';
  /** As Apollo names them: `Client__subgraph__n`. Absent for an anonymous client operation. */
  readonly name: string | undefined;
  /** The GraphQL document. */
  readonly text: string;
  /** The start of the JSON body, escaped once: `{"query":"…","operationName":"…"` (no closing brace, no variables). */
  readonly bodyHead: string;
}

/** The execution that a call belongs to. */
export interface CallOrigin {
  /** The client's request as hooks and decorators of the gateway's user know it; opaque to everybody else. */
  readonly request: unknown;
  /** Told of each answer with the headers it was asked with: how long the whole answer may be kept depends on it. */
  replied(sent: HeaderPairs, reply: SubgraphReply): void;
  /** Told what a fetch became where the subgraph is a REST service. */
  askedRest?(fetch: RestFetch): void;
}

/** Where a call goes when its subgraph has several endpoints. */
export interface CallRoute {
  /** The endpoint group that answers; `undefined`: the default one. Part of the key of a shared call. */
  readonly group: string | undefined;
  /** Calls with equal texts go to one endpoint while it is there; `undefined`: to any. Never part of the key of a shared call. */
  readonly affinity: string | undefined;
}

/** A request that is no GraphQL. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query string from the host on, encoded. */
  readonly path: string;
  /** Those of the connector; they go before headers of the call with the same name. */
  readonly headers: HeaderPairs;
  readonly body: string | undefined;
}

/** One call to one subgraph. */
export interface SubgraphCall {
  readonly operation: SubgraphOperation;
  /** The variables as JSON text, an object; `undefined` when there are none. Built once, never re-parsed on the way. */
  readonly variablesJson: string | undefined;
  /** Headers for the subgraph that the key of a shared call must contain (everything a rule forwards from the client). */
  readonly headers: HeaderPairs;
  /** Correlation headers (request id, trace context): sent, but never part of the key of a shared call. */
  readonly correlation: HeaderPairs;
  /** How long the caller waits. When it ends, the call is aborted down to the socket. */
  readonly lifetime: Lifetime;
  /** A number that changes when an earlier mutation may have changed this subgraph's data; part of the key of a shared call. */
  readonly epoch: number;
  /**
   * What a REST source is sent in the place of the operation, which then only says whether it may be repeated and which fields it is for.
   * `variablesJson` holds all that tells it from others.
   */
  readonly rest?: RestRequest | undefined;
  /** Absent for calls that belong to no execution. Never part of the key of a shared call. */
  readonly origin?: CallOrigin | undefined;
  /** Absent where no rule chooses among endpoints. */
  readonly route?: CallRoute | undefined;
  /** Which attempt at the call this is, from 1; set inside retries. Never part of the key of a shared call. */
  readonly attempt?: number | undefined;
  /**
   * Endpoints that had this call already. Whoever repeats calls makes one list per call and hands it to every attempt; balancing adds to
   * it and takes another endpoint while there is one. Absent for calls that are never repeated. Never part of a key.
   */
  readonly tried?: string[] | undefined;
}

/** A subgraph's answer, parsed. Bounded and JSON, but otherwise untrusted: every part may have the wrong shape. */
export interface SubgraphReply {
  readonly data: unknown;
  readonly errors: unknown;
  readonly extensions: unknown;
  /** HTTP status; 200 where there is no HTTP. */
  readonly status: number;
  /** Response headers, lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** True when other callers hold the same objects: copy before writing. */
  readonly shared: boolean;
  /** The code of the failure for which a stand-in of the subgraph answered; absent when it answered itself. */
  readonly degraded?: ErrorCode | undefined;
}

/**
 * The one contract for talking to a subgraph: HTTP, REST connector, in-process mock, and every decorator around them.
 *
 * Errors: rejects with a PorticoError: SUBGRAPH_TIMEOUT, SUBREQUEST_HTTP_ERROR, SUBREQUEST_MALFORMED_RESPONSE,
 * SUBGRAPH_CIRCUIT_OPEN, SUBGRAPH_RATE_LIMITED, RATE_LIMITER_UNAVAILABLE, OVERLOADED, GATEWAY_TIMEOUT or REQUEST_CANCELLED (the call's own
 * lifetime ended). A non-2xx answer with a GraphQL body resolves (status kept); the engine adds the SUBREQUEST_HTTP_ERROR.
 */
export interface SubgraphClient {
  readonly name: string;
  execute(call: SubgraphCall): Promise<SubgraphReply>;
  /** Closes sockets and timers; calls in flight are aborted. */
  close(): Promise<void>;
}
