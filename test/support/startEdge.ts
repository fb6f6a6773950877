import { createApolloServer } from '../../src/edge/apollo/createApolloServer.js';
import type { ApolloServerParts } from '../../src/edge/apollo/createApolloServer.js';
import { createHttpServer } from '../../src/edge/http/createHttpServer.js';
import type { HttpServer } from '../../src/edge/http/createHttpServer.js';
import type { HttpServerOptions } from '../../src/edge/http/HttpServerOptions.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import type { PorticoGateway } from '../../src/gateway/createGateway.js';
import { fakeGateway } from './fakeGateway.js';
import { postGraphQL } from './postGraphQL.js';
import type { PostedAnswer } from './postGraphQL.js';

export interface Edge {
  readonly url: string;
  readonly http: HttpServer;
  /** POSTs JSON with sane headers. */
  post(body: unknown, headers?: Record<string, string>): Promise<PostedAnswer>;
  close(): Promise<void>;
}

/** The whole edge on a socket, in front of `gateway` (a fake one unless given). */
export async function startEdge(
  options: Partial<HttpServerOptions> &
    Partial<Omit<ApolloServerParts, 'gateway'>> & { readonly gateway?: PorticoGateway } = {},
): Promise<Edge> {
  const gateway = options.gateway ?? fakeGateway();
  const server = createApolloServer({ limits: DEFAULT_LIMITS, ...options, gateway });
  await server.start();
  const http = createHttpServer({ isReady: () => gateway.isReady(), ...options, server });
  const { origin } = await http.listen({ host: '127.0.0.1', port: 0 });
  const url = `${origin}/graphql`;
  return {
    url,
    http,
    post: (body, headers) => postGraphQL(url, body, headers),
    async close() {
      await http.close(1000);
      await server.stop();
    },
  };
}
