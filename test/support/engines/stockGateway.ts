import { ApolloServer, HeaderMap } from '@apollo/server';
import type { ApolloGateway, GraphQLDataSource } from '@apollo/gateway';
import { execute, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { World } from '../graphs/World.js';
import { toAnswer } from './Engine.js';
import type { Engine } from './Engine.js';

/** Stock Apollo Gateway behind Apollo Server, in this process, over the same subgraph schemas. */
export async function createStockGatewayEngine(world: World): Promise<Engine> {
  // Before the module is loaded: its constructor starts an exporter otherwise.
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
  const { ApolloGateway: Gateway } = await import('@apollo/gateway');
  const gateway: ApolloGateway = new Gateway({
    supergraphSdl: world.supergraphSdl,
    buildService: ({ name }) => localSource(world.subgraphs.get(name)!),
    logger: silent,
  });
  const server = new ApolloServer({
    gateway,
    stopOnTerminationSignals: false,
    csrfPrevention: false,
    logger: silent,
    includeStacktraceInErrorResponses: false,
  });
  await server.start();
  return {
    name: 'stock Apollo Gateway',
    answer: async (query, variables) => {
      const http = { method: 'POST', headers: new HeaderMap(), search: '', body: undefined };
      const request = { query, variables: { ...variables }, http };
      const { body } = await server.executeOperation(request as Parameters<typeof server.executeOperation>[0]);
      if (body.kind !== 'single') throw new Error('an incremental answer');
      const { data, errors, extensions } = body.singleResult;
      // Stock reports completion errors outside `errors`.
      const completion = extensions?.['valueCompletion'] as typeof errors;
      return toAnswer(data, [...(errors ?? []), ...(completion ?? [])]);
    },
    close: () => server.stop(),
  };
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function localSource(schema: GraphQLSchema): GraphQLDataSource {
  return {
    process: async ({ request }) => {
      const result = await execute({
        schema,
        document: parse(request.query ?? ''),
        variableValues: request.variables,
      });
      return JSON.parse(JSON.stringify(result)) as Awaited<ReturnType<GraphQLDataSource['process']>>;
    },
  };
}
