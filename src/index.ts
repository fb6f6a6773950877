/** The public names of Portico, by hand. Everything else is internal, whatever its path. */

// The gateway in an Apollo Server of your own: `new ApolloServer({ gateway: createGateway({ supergraphSdl }) })`.
export { createGateway } from './gateway/createGateway.js';
export type { PorticoGateway } from './gateway/createGateway.js';
export type { GatewayOptions } from './gateway/GatewayOptions.js';
export type { PorticoServerOptions } from './edge/apollo/serverOptions.js';
export type { OperationLimits } from './engine/operation/limits.js';

// Where supergraphs come from.
export { fileSource } from './supergraph/sources/fileSource.js';
export type { FileSourceOptions } from './supergraph/sources/fileSource.js';
export type { SupergraphSource } from './supergraph/sources/SupergraphSource.js';

// Failures that Portico names.
export { PorticoError } from './base/errors/PorticoError.js';
export type { ErrorCode } from './base/errors/codes.js';
