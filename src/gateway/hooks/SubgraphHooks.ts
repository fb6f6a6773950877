import type { SubgraphClient } from '../../upstream/SubgraphClient.js';

/**
 * A client's request, as hooks and decorators see it.
 *
 * When identical queries share one execution (see `sharingKey`), this is the request of the one that came first.
 */
export interface ClientRequest<Context = unknown> {
  /** What `context` of the Apollo Server gave for this request. Empty for calls that no client caused. */
  readonly contextValue: Context;
  /** As it stands in logs, in errors and in `x-request-id` of the subgraph calls. Empty for calls that no client caused. */
  readonly requestId: string;
  /** Of the client's operation; absent for an anonymous one. */
  readonly operationName: string | undefined;
  /** The client's header of that name (in any case); several values joined with `, `. */
  header(name: string): string | undefined;
}

/** One call to a subgraph before it is sent. What is not read only may be changed, and that is sent. */
export interface SubgraphRequest<Context = unknown> {
  readonly subgraph: string;
  /** `operation` for a client; `health-check` and `schema` when a SupergraphManager asks for them. */
  readonly purpose: 'operation' | 'health-check' | 'schema';
  readonly kind: 'query' | 'mutation';
  readonly operationName: string | undefined;
  /** The GraphQL document. */
  query: string;
  /** Parsed when first read. Integers beyond 2^53 are `bigint`. Entity calls have the representations here. */
  variables: Record<string, unknown> | undefined;
  /** The `extensions` of the GraphQL request; absent unless a hook sets them. */
  extensions: Record<string, unknown> | undefined;
  /** Headers of the call besides those of HTTP itself: what header rules forward, and `x-request-id`. */
  readonly headers: Headers;
  readonly client: ClientRequest<Context>;
}

/** The answer to one call. What is not read only may be changed, and that is merged. */
export interface SubgraphResponse<Context = unknown> {
  readonly subgraph: string;
  /** As it was sent. */
  readonly request: SubgraphRequest<Context>;
  readonly client: ClientRequest<Context>;
  /** HTTP status. */
  readonly status: number;
  readonly headers: Headers;
  data: unknown;
  errors: unknown;
  extensions: unknown;
}

/**
 * Functions of the user's own around subgraph calls. They may be asynchronous; the call's deadline covers them.
 *
 * - A `GraphQLError` that one throws reaches the client with its message and extensions, at the fields of this call. Any other error is
 *   masked (INTERNAL_SERVER_ERROR) and logged. The subgraphs' other fields are not affected.
 * - **They may read anything of the client's request, so identical queries of different clients are not shared** unless `sharingKey` says
 *   what they read. Identical subgraph calls are still one call when there is only `willSendRequest`: what it changed is compared.
 */
export interface SubgraphHooks<Context = unknown> {
  /** Before each call: headers, variables, document and extensions may be changed. */
  readonly willSendRequest?: ((request: SubgraphRequest<Context>) => void | Promise<void>) | undefined;
  /** After each answer, before it is merged: data, errors and extensions may be changed. Not called when the call failed. */
  readonly didReceiveResponse?: ((response: SubgraphResponse<Context>) => void | Promise<void>) | undefined;
  /**
   * A client of one's own around the one that sends: retries, another transport, a mock. Called once per subgraph when a supergraph is
   * loaded; gives the client to use, or the one it was given.
   */
  readonly decorate?: ((client: SubgraphClient, subgraph: string) => SubgraphClient) | undefined;
  /**
   * Everything that the other functions read of a client's request, as text (`({ contextValue }) => contextValue.userId`): identical queries
   * with the same text share one execution. Headers that header rules forward need not be in it. `undefined`: this request is not shared.
   */
  readonly sharingKey?: ((client: ClientRequest<Context>) => string | undefined) | undefined;
}
