import { createApolloServer } from '../../src/edge/apollo/createApolloServer.js';
import type { ApolloServerParts } from '../../src/edge/apollo/createApolloServer.js';
import { createHttpServer } from '../../src/edge/http/createHttpServer.js';
import type { HttpServer } from '../../src/edge/http/createHttpServer.js';
import type { HttpServerOptions } from '../../src/edge/http/HttpServerOptions.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import type { PorticoGateway } from '../../src/gateway/createGateway.js';
import { fakeGateway } from './fakeGateway.js';

export interface Edge {
  readonly url: string;
  readonly http: HttpServer;
  /** POSTs JSON with sane headers. */
  post(
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; text: string; json: Answer }>;
  close(): Promise<void>;
}

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }>;
  readonly extensions?: Record<string, unknown>;
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
    async post(body, headers) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as Answer };
    },
    async close() {
      await http.close(1000);
      await server.stop();
    },
  };
}
