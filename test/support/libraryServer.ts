import { ApolloServer, HeaderMap } from '@apollo/server';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { GatewayInterface } from '@apollo/server-gateway-interface';

import type { GraphQLAnswer } from './postGraphQL.js';

export interface LibraryAnswer {
  readonly status: number | undefined;
  readonly headers: HeaderMap;
  /** The bytes that the server sends. */
  readonly text: string;
  readonly json: GraphQLAnswer;
}

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly context?: BaseContext;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

/** An Apollo Server of a user's own, asked over its HTTP face but without a socket. */
export interface LibraryServer {
  ask(query: string, options?: AskOptions): Promise<LibraryAnswer>;
  stop(): Promise<void>;
}

export async function startLibraryServer(
  gateway: GatewayInterface,
  options: Partial<ApolloServerOptions<BaseContext>> = {},
): Promise<LibraryServer> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const all = { nodeEnv: 'production', stopOnTerminationSignals: false, logger: silent, ...options, gateway };
  const server = new ApolloServer(all as ApolloServerOptions<BaseContext>);
  await server.start();
  return {
    async ask(query, { headers = {}, context = {}, variables, operationName } = {}) {
      const {
        body,
        status,
        headers: sent,
      } = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: 'POST',
          headers: new HeaderMap([['content-type', 'application/json'], ...Object.entries(headers)]),
          search: '',
          body: JSON.parse(JSON.stringify({ query, variables, operationName })) as unknown,
        },
        context: async () => context,
      });
      if (body.kind !== 'complete') throw new Error('not a single answer');
      return { status, headers: sent, text: body.string, json: JSON.parse(body.string) as GraphQLAnswer };
    },
    stop: () => server.stop(),
  };
}
