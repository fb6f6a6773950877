import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGateway } from 'portico';

const gateway = createGateway({
  supergraph: { file: process.env['SUPERGRAPH'] ?? 'schema/supergraph.graphql' },
  headers: { all: { request: [{ propagate: { named: 'authorization' } }] } },
});

// `serverOptions` is not needed, but answers are faster and limits are checked earlier with it.
const server = new ApolloServer({ gateway, ...gateway.serverOptions() });
const { url } = await startStandaloneServer(server, { listen: { port: Number(process.env['PORT'] ?? 4000) } });
console.log(`Listening on ${url}`);
