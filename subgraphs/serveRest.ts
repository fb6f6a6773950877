import type { AddressInfo } from 'node:net';

import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

import type { RunningSubgraph } from './serveSubgraph.js';

/** Serves routes over HTTP: a service that knows nothing of GraphQL. */
export async function serveRest(
  addRoutes: (app: FastifyInstance) => void,
  port: number,
  host = '127.0.0.1',
): Promise<RunningSubgraph> {
  const app = fastify({ forceCloseConnections: true });
  addRoutes(app);
  app.get('/health', () => ({ status: 'ok' }));
  await app.listen({ port, host });
  const address = app.server.address() as AddressInfo;
  return { url: `http://${host}:${address.port}`, close: () => app.close() };
}
