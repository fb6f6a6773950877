import type { RestPath, RestScalar } from './restPath.js';

/** What a call may say besides its path. */
export interface RestOptions {
  /** Encoded; null and undefined are left out, a list repeats its name. */
  readonly query?: Readonly<Record<string, RestScalar | readonly RestScalar[] | null | undefined>> | undefined;
  /**
   * Beside those that header rules send. Undefined ones are left out. A name that belongs to the connection, or a value with a line break
   * or anything else but printable ASCII, refuses the call.
   */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What a call with a body may say. */
export interface RestBodyOptions extends RestOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Instead of `body`: sent as `application/x-www-form-urlencoded`; nested values as `a[b]` and `a[0]`. */
  readonly form?: Readonly<Record<string, unknown>> | undefined;
}

/** An answer of whatever status. */
export interface RestReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** JSON and XML as values, other text as a string, null for none. May be shared with other resolvers: not to be changed. */
  readonly body: unknown;
}

/**
 * Calls the REST service of a subgraph, for one client request.
 *
 * - Calls go to the subgraph's base URL and nowhere else; redirects are not followed.
 * - They have the deadlines, retries (GET alone), breakers, places, ceilings, TLS and header rules that the configuration gives the
 *   subgraph, and count against `connectors.max_requests_per_operation`.
 * - An equal GET of the same client request is sent once, as long as nothing else was sent in between.
 *
 * Errors of all: REST_REQUEST_INVALID for values that cannot be sent, REST_REQUEST_LIMIT_EXCEEDED, and what a SubgraphClient rejects with.
 * What is not caught becomes an error at the field, without anything that the service has said.
 */
export interface RestClient {
  /**
   * The body of an answer with a status of 200 to 299.
   *
   * Errors: SUBREQUEST_HTTP_ERROR for any other status (`error.details.status`).
   */
  get<Body = unknown>(path: RestPath, options?: RestOptions): Promise<Body>;
  /** As `get`; sent once. */
  post<Body = unknown>(path: RestPath, options?: RestBodyOptions): Promise<Body>;
  /** As `get`; sent once. */
  put<Body = unknown>(path: RestPath, options?: RestBodyOptions): Promise<Body>;
  /** As `get`; sent once. */
  patch<Body = unknown>(path: RestPath, options?: RestBodyOptions): Promise<Body>;
  /** As `get`; sent once. */
  delete<Body = unknown>(path: RestPath, options?: RestBodyOptions): Promise<Body>;
  /** Any answer, for services whose status says something. */
  send(method: RestMethodName, path: RestPath, options?: RestBodyOptions): Promise<RestReply>;
}

export type RestMethodName = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
