/** The public names of Portico, by hand. Everything else is internal, whatever its path. */

// The gateway in an Apollo Server of your own: `new ApolloServer({ gateway: createGateway({ supergraphSdl }) })`.
export { createGateway } from './gateway/createGateway.js';
export type { PorticoGateway } from './gateway/createGateway.js';
export type { GatewayOptions } from './gateway/GatewayOptions.js';
export type { GatewayLogger } from './gateway/logTo.js';
export type { PorticoServerOptions } from './edge/apollo/serverOptions.js';
export type { OperationLimits } from './engine/operation/limits.js';

// Functions of your own around subgraph calls.
export type { ClientRequest, SubgraphHooks, SubgraphRequest, SubgraphResponse } from './gateway/hooks/SubgraphHooks.js';
export type {
  CallOrigin,
  HeaderPairs,
  SubgraphCall,
  SubgraphClient,
  SubgraphOperation,
  SubgraphReply,
} from './upstream/SubgraphClient.js';
export type { SubgraphDispatcher } from './upstream/http/PoolOptions.js';

// REST services in code, where `@connect` does not suffice.
export { defineRestSubgraph } from './upstream/rest/code/defineRestSubgraph.js';
export type {
  RestBatch,
  RestContext,
  RestFieldResolver,
  RestKey,
  RestResolvers,
  RestSubgraphDefinition,
  RestSubgraphOptions,
  RestTypeResolvers,
} from './upstream/rest/code/defineRestSubgraph.js';
export { restPath } from './upstream/rest/code/restPath.js';
export type { RestPath, RestScalar } from './upstream/rest/code/restPath.js';
export type {
  RestBodyOptions,
  RestClient,
  RestMethodName,
  RestOptions,
  RestReply,
} from './upstream/rest/code/RestClient.js';

// Who may have what.
export type { Identity, IdentityKind } from './request/Identity.js';
export type { Policy, PolicyQuestion } from './request/authorization/Policy.js';

// Where supergraphs come from.
export type {
  SubgraphDataSource,
  SubgraphEndpoint,
  SupergraphHook,
  SupergraphManager,
  SupergraphManagerOptions,
} from './gateway/managers/SupergraphManager.js';
export { fileSource } from './supergraph/sources/fileSource.js';
export type { FileSourceOptions } from './supergraph/sources/fileSource.js';
export type { SupergraphSource } from './supergraph/sources/SupergraphSource.js';

// Failures that Portico names.
export { PorticoError } from './base/errors/PorticoError.js';
export type { ErrorCode } from './base/errors/codes.js';
