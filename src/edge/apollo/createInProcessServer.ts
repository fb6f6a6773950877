import { ApolloServer, HeaderMap } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import type { GatewayInterface } from '@apollo/server-gateway-interface';

import type { PorticoServerOptions } from './serverOptions.js';

export interface InProcessRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  /** Of the client. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An Apollo Server that is asked by function calls. */
export interface InProcessServer {
  /** Never rejects for errors of a request. */
  execute(request: InProcessRequest): Promise<FormattedExecutionResult>;
  stop(): Promise<void>;
}

/** Starts one. Errors: whatever the gateway's `load` rejects with. */
export async function createInProcessServer(
  gateway: GatewayInterface,
  options: PorticoServerOptions,
): Promise<InProcessServer> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const server = new ApolloServer({
    ...options,
    gateway,
    nodeEnv: 'production',
    stopOnTerminationSignals: false,
    logger: silent,
  });
  await server.start();
  return {
    async execute({ query, variables, operationName, headers }) {
      const http = { method: 'POST', headers: new HeaderMap(), search: '', body: undefined };
      for (const [name, value] of Object.entries(headers ?? {})) http.headers.set(name, value);
      const { body } = await server.executeOperation({
        query,
        http,
        ...(variables !== undefined && { variables: { ...variables } }),
        ...(operationName !== undefined && { operationName }),
      });
      if (body.kind !== 'single') throw new Error('An incremental answer, which gateways do not give');
      return JSON.parse(JSON.stringify(body.singleResult)) as FormattedExecutionResult;
    },
    stop: () => server.stop(),
  };
}
