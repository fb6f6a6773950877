import DataLoader from 'dataloader';
import { execute, parse, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';

import { PorticoError } from '../../../base/errors/PorticoError.js';
import { parseJson } from '../../../base/kit/json.js';
import { restFetches } from '../../../base/telemetry/channels.js';
import type { SubgraphCall } from '../../SubgraphClient.js';
import type { RequestScope, RequestScopes } from '../RequestScope.js';
import { headerLists } from '../restCall.js';
import { createRestClient } from './createRestClient.js';
import type { RestCalling, RestTally } from './createRestClient.js';
import type { RestBatch, RestContext, RestKey } from './defineRestSubgraph.js';
import { errorEntries, firstFailure } from './resolverErrors.js';

export interface ResolversOptions extends RestCalling {
  /** Of the definition's type definitions and resolvers. */
  readonly schema: GraphQLSchema;
  readonly config: RestContext['config'];
  readonly scopes: RequestScopes;
}

/** What resolvers make of a call, as GraphQL has it. */
export interface ResolvedAnswer {
  readonly data: unknown;
  readonly errors?: readonly object[];
}

/**
 * Answers the calls of a subgraph in code by its resolvers. What they ask of the REST service goes through `sender`.
 *
 * - Errors of the service are errors at their fields, with their codes. When nothing was answered, the call fails with the first of them.
 * - What resolvers throw themselves is hidden from clients as every subgraph's errors are; what is no GraphQLError goes to the log alone.
 */
export function runResolvers(options: ResolversOptions): (call: SubgraphCall) => Promise<ResolvedAnswer> {
  const { subgraph, schema, config, scopes } = options;
  const documents = new WeakMap<SubgraphCall['operation'], DocumentNode>();
  const documentOf = ({ operation }: SubgraphCall): DocumentNode => {
    const known = documents.get(operation);
    if (known !== undefined) return known;
    const document = parse(operation.text, { noLocation: true });
    const [mistake] = validate(schema, document);
    if (mistake !== undefined) throw unfit(subgraph, mistake.message);
    documents.set(operation, document);
    return document;
  };
  return async (call) => {
    const document = documentOf(call);
    const tally = { lookUps: 0, requests: 0 };
    const contextValue = contextOf(options, config, call, scopes.of(call.origin), tally);
    const variables = call.variablesJson === undefined ? {} : parseJson(call.variablesJson);
    const variableValues = variables as Readonly<Record<string, unknown>>;
    const { data, errors = [] } = await execute({ schema, document, variableValues, contextValue });
    const fetch = { subgraph, source: subgraph, connector: undefined, ...tally, isBatched: false };
    call.origin?.askedRest?.(fetch);
    restFetches.publish(fetch);
    const failure = firstFailure(data, errors);
    if (failure !== undefined) throw failure;
    return { data, ...(errors.length > 0 && { errors: errorEntries(subgraph, errors) }) };
  };
}

function contextOf(
  calling: RestCalling,
  config: RestContext['config'],
  call: SubgraphCall,
  scope: RequestScope,
  tally: RestTally,
): RestContext {
  const loaders = new Map<unknown, DataLoader<RestKey, unknown, string | number | bigint>>();
  const context: RestContext = {
    rest: createRestClient(calling, call, scope, tally),
    config,
    headers: headerLists(call.headers),
    load<Key extends RestKey, Value>(batch: RestBatch<Key, Value>, key: Key): Promise<Value> {
      let loader = loaders.get(batch);
      if (loader === undefined) {
        const load = (keys: readonly RestKey[]) => batch(keys as readonly Key[], context);
        loader = new DataLoader<RestKey, unknown, string | number | bigint>(load, { cacheKeyFn });
        loaders.set(batch, loader);
      }
      return loader.load(key) as Promise<Value>;
    },
  };
  return context;
}

/** Keys of several fields are equal by what they hold. */
function cacheKeyFn(key: RestKey): string | number | bigint {
  return typeof key === 'object' ? JSON.stringify(key) : key;
}

function unfit(subgraph: string, why: string): PorticoError {
  return new PorticoError('DOWNSTREAM_SERVICE_ERROR', `the module of ${subgraph} does not fit the supergraph: ${why}`, {
    details: { subgraph },
  });
}
