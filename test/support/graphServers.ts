import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { graphql, parse } from 'graphql';

import { composeSdl, withFederationLink } from './compose.js';

/** A subgraph of a small graph. */
export interface GraphServerOptions {
  readonly typeDefs: string;
  readonly resolvers?: GraphQLResolverMap<ReceivedRequest>;
  /** Sets headers of the answer, or answers by itself (and says so with `true`). */
  readonly respond?: (request: ReceivedRequest, response: ServerResponse) => void | boolean;
}

/** What reached a subgraph; the context of its resolvers. */
export interface ReceivedRequest {
  readonly subgraph: string;
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown>;
  readonly extensions: Record<string, unknown> | undefined;
}

export interface GraphServers {
  /** Composed, with the URLs of this run. */
  readonly supergraphSdl: string;
  readonly urls: Readonly<Record<string, string>>;
  /** All subgraph schemas, with their federation links. */
  readonly typeDefs: Readonly<Record<string, string>>;
  /** In the order of arrival; a test may empty it. */
  readonly received: ReceivedRequest[];
  close(): Promise<void>;
}

/** Subgraphs over HTTP on free ports, and their supergraph. */
export async function startGraphServers(
  subgraphs: Readonly<Record<string, GraphServerOptions>>,
): Promise<GraphServers> {
  const received: ReceivedRequest[] = [];
  const urls: Record<string, string> = {};
  const typeDefs: Record<string, string> = {};
  const servers = await Promise.all(
    Object.entries(subgraphs).map(async ([name, options]) => {
      typeDefs[name] = withFederationLink(options.typeDefs);
      const schema = buildSubgraphSchema({
        typeDefs: parse(typeDefs[name]),
        resolvers: (options.resolvers ?? {}) as GraphQLResolverMap<unknown>,
      });
      const server = createServer((request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk.toString()));
        const answer = async (): Promise<void> => {
          const body = JSON.parse(text) as Pick<
            ReceivedRequest,
            'query' | 'variables' | 'extensions' | 'operationName'
          >;
          const { query, variables, operationName } = body;
          const seen = { ...body, variables: variables ?? {}, subgraph: name, headers: request.headers };
          received.push(seen);
          if (options.respond?.(seen, response) === true) return;
          const result = await graphql({
            schema,
            source: query,
            variableValues: variables,
            operationName,
            contextValue: seen,
          });
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify(result));
        };
        request.on('end', () => void answer());
      });
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
      return server;
    }),
  );
  let supergraphSdl = composeSdl(typeDefs);
  for (const [name, url] of Object.entries(urls))
    supergraphSdl = supergraphSdl.replace(`http://${name}.test/graphql`, url);
  return {
    supergraphSdl,
    urls,
    typeDefs,
    received,
    async close() {
      await Promise.all(
        servers.map((server) => {
          server.closeAllConnections();
          return new Promise((closed) => server.close(closed));
        }),
      );
    },
  };
}
