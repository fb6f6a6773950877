import { parse } from 'graphql';
import type { GraphQLResolveInfo, GraphQLScalarType } from 'graphql';

import { PorticoError } from '../../../base/errors/PorticoError.js';
import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import { unknownKeys } from '../../../base/kit/unknownKeys.js';
import { SUBGRAPH_MODULE } from '../../../supergraph/sources/SubgraphModule.js';
import type { SubgraphModule } from '../../../supergraph/sources/SubgraphModule.js';
import type { RestClient } from './RestClient.js';
import { messageOf } from '../../../base/kit/messageOf.js';

/** What resolvers get. One for each client request and call of the subgraph. */
export interface RestContext {
  /** Calls the REST service. */
  readonly rest: RestClient;
  /** What the configuration says under `connectors.sources.<subgraph>.config`: keys that do not belong into code. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** Headers of the client's request that a header rule propagates to the subgraph: values by lower-case name. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /**
   * Loads one of many: `load(unitsOf, sku)`. Keys that are asked for side by side are given to `unitsOf` together, each once.
   *
   * @param batch the same function each time; what it gives is kept for the client request
   */
  load<Key extends RestKey, Value>(batch: RestBatch<Key, Value>, key: Key): Promise<Value>;
}

/** What `load` loads by. */
export type RestKey = string | number | bigint | Readonly<Record<string, unknown>>;

/** Values in the order of their keys; an Error in the place of a value is that key's alone. */
export type RestBatch<Key extends RestKey, Value> = (
  keys: readonly Key[],
  context: RestContext,
) => Promise<ReadonlyArray<Value | Error>>;

/* oxlint-disable typescript/no-explicit-any -- whoever writes a resolver knows what its parent and arguments are */
export type RestFieldResolver = (parent: any, args: any, context: RestContext, info: GraphQLResolveInfo) => unknown;

/** Resolvers of one type, by field. */
export interface RestTypeResolvers {
  /** Finds an entity by its key; null when there is none. */
  readonly __resolveReference?: (reference: any, context: RestContext) => unknown;
  /** For interfaces and unions: the name of the type that a value has. */
  readonly __resolveType?: (value: any, context: RestContext) => string | undefined | Promise<string | undefined>;
  readonly [field: string]: RestFieldResolver | undefined;
}
/* oxlint-enable typescript/no-explicit-any */

export type RestResolvers = Readonly<Record<string, RestTypeResolvers | GraphQLScalarType>>;

export interface RestSubgraphOptions {
  /** The subgraph's schema, with its `@link` to federation. */
  readonly typeDefs: string;
  /** By type, then by field, as for `buildSubgraphSchema`. Fields without one take the property of their name. */
  readonly resolvers: RestResolvers;
  /** Where the REST service is, http or https; its path is the beginning of every path. `subgraphs.<name>.url` goes before it. */
  readonly baseURL: string;
}

/** A subgraph in code, see `defineRestSubgraph`. */
export interface RestSubgraphDefinition extends SubgraphModule {
  readonly resolvers: RestResolvers;
}

/**
 * A REST service as a subgraph, in code: for what `@connect` cannot say. It is answered in the gateway's process, by resolvers that call the
 * service through `context.rest`. The default export of a module that `subgraphs.<name>.module` names, or a value in `restSubgraphs` of
 * `createGateway`.
 *
 * Errors: CONFIG_INVALID for an option that there is not, a schema that cannot be parsed, resolvers that are none, or a URL that cannot be
 * used.
 */
export function defineRestSubgraph(options: RestSubgraphOptions): RestSubgraphDefinition {
  const { typeDefs, resolvers, baseURL } = options;
  const problem = unknownKeys(options, OPTIONS);
  if (problem !== undefined) throw invalid(problem);
  if (!isJsonObject(resolvers)) throw invalid('resolvers must be an object: resolvers by type, then by field');
  const bare = Object.keys(resolvers).find((type) => !isJsonObject(resolvers[type]));
  if (bare !== undefined) throw invalid(`resolvers.${bare} must be an object: resolvers by field`);
  try {
    parse(typeDefs, { noLocation: true });
  } catch (cause) {
    throw invalid(`typeDefs cannot be parsed: ${messageOf(cause)}`);
  }
  const url = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw invalid('baseURL must be an http or https URL');
  if (url.username !== '' || url.password !== '') throw invalid('baseURL must have no credentials: set a header');
  if (url.search !== '' || url.hash !== '') throw invalid('baseURL must have no query and no fragment');
  return Object.freeze({ [SUBGRAPH_MODULE]: true as const, typeDefs, resolvers, baseURL });
}

const OPTIONS: readonly string[] = ['typeDefs', 'resolvers', 'baseURL'] satisfies ReadonlyArray<
  keyof RestSubgraphOptions
>;

function invalid(why: string): PorticoError {
  return new PorticoError('CONFIG_INVALID', `defineRestSubgraph: ${why}`);
}
