import type { GraphQLSchema } from 'graphql';

import { createInProcessClient } from './inProcessClient.js';
import { basePathOf, checkPaths, createSource } from './createConnectors.js';
import type { ConnectorsOptions } from './createConnectors.js';
import type { RestSubgraphDefinition } from './rest/code/defineRestSubgraph.js';
import { runResolvers } from './rest/code/runResolvers.js';
import { RequestScopes } from './rest/RequestScope.js';
import type { SubgraphClient } from './SubgraphClient.js';

/** A subgraph in code, ready to be executed. */
export interface BuiltRestSubgraph {
  readonly definition: RestSubgraphDefinition;
  readonly schema: GraphQLSchema;
}

/**
 * A client for each subgraph in code, by name.
 *
 * Errors: CONFIG_INVALID for a URL that cannot be used.
 */
export function createRestSubgraphs(
  subgraphs: ReadonlyArray<readonly [name: string, subgraph: BuiltRestSubgraph]>,
  { config, placeOf, ...making }: Pick<ConnectorsOptions, 'config' | 'placeOf' | 'createClient' | 'responseChecks'>,
): ReadonlyMap<string, SubgraphClient> {
  const scopes = new RequestScopes();
  return new Map(
    subgraphs.map(([name, { definition, schema }]) => {
      const said = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
      const { url, endpoints } = said?.overrideUrl === undefined ? placeOf(name) : { endpoints: undefined };
      checkPaths(name, endpoints);
      const base = said?.overrideUrl ?? endpoints?.[0]?.url ?? url ?? definition.baseURL;
      const basePath = basePathOf(base);
      const { origin } = new URL(base);
      const target = { name, url: origin, endpoints, protocol: 'rest' } as const;
      const sender = createSource(target, basePath, name, making);
      const answer = runResolvers({
        subgraph: name,
        schema,
        sender,
        basePath,
        maxRequests: said?.maxRequestsPerOperation ?? config.maxRequestsPerOperation,
        config: said?.config ?? {},
        scopes,
      });
      return [name, closedWith(createInProcessClient({ name, answer }), sender)] as const;
    }),
  );
}

function closedWith(client: SubgraphClient, sender: SubgraphClient): SubgraphClient {
  return {
    name: client.name,
    execute: (call) => client.execute(call),
    close: async () => void (await Promise.all([client.close(), sender.close()])),
  };
}
