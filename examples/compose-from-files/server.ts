import { fileURLToPath } from 'node:url';

import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGateway } from 'portico';

import { startService } from './services.js';

// In life these run elsewhere, and supergraph.yaml says where.
const anyPort = process.env['PORT'] === '0';
process.env['BOOKS_URL'] = await startService('books', anyPort ? 0 : 4101);
process.env['REVIEWS_URL'] = await startService('reviews', anyPort ? 0 : 4102);

const gateway = createGateway({
  supergraph: { config: fileURLToPath(new URL('supergraph.yaml', import.meta.url)) },
});

const server = new ApolloServer({ gateway, ...gateway.serverOptions() });
const { url } = await startStandaloneServer(server, { listen: { port: Number(process.env['PORT'] ?? 4000) } });
console.log(`Listening on ${url}`);
