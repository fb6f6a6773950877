import type { GatewayGraphQLRequest, GatewayGraphQLResponse } from '@apollo/server-gateway-interface';

/** A subgraph as managers name it. */
export interface SubgraphEndpoint {
  readonly name: string;
  readonly url?: string | undefined;
}

/** What sends one operation to one subgraph; the part of Apollo Gateway's `GraphQLDataSource` that managers call. */
export interface SubgraphDataSource {
  /** Errors: PorticoError when there is no usable answer, as SubgraphClient. */
  process(options: { readonly request: GatewayGraphQLRequest }): Promise<GatewayGraphQLResponse>;
}

/** What a manager may call. Each is a function of its own, usable without `this`. */
export interface SupergraphManagerOptions {
  /** Offers a newer supergraph. Never throws: one that cannot be served is refused and reported, the old one serves on. */
  update: (supergraphSdl: string) => void;
  /** Asks every subgraph of that supergraph for `{ __typename }`. Errors: rejects, naming those that did not answer. */
  healthCheck: (supergraphSdl: string) => Promise<void>;
  /** Sends operations to a subgraph, through the gateway's own hooks, dispatcher and deadlines. */
  getDataSource: (endpoint: SubgraphEndpoint) => SubgraphDataSource;
}

/** Gives the first supergraph. Errors: rejects when there is none; the gateway then does not start. */
export type SupergraphHook = (options: SupergraphManagerOptions) => Promise<{
  readonly supergraphSdl: string;
  /** Stops looking for newer ones. */
  readonly cleanup?: (() => Promise<void>) | undefined;
}>;

/** Where supergraphs come from: the same as Apollo Gateway's `SupergraphManager`, so that those work here as they are. */
export interface SupergraphManager {
  initialize(options: SupergraphManagerOptions): ReturnType<SupergraphHook>;
}
