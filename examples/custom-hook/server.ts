import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { GraphQLError } from 'graphql';
import { createGateway } from 'portico';

interface Context {
  readonly user: string | undefined;
}

const secret = 'shared with the service';
const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('hex');

// A service that believes nobody but the gateway. It stands for yours, so it is as small as can be.
const service = createServer((request, response) => {
  const user = String(request.headers['x-user']);
  const data = { hello: request.headers['x-signature'] === sign(user) ? `Hello ${user}` : 'Who are you?' };
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ data, extensions: { cost: 3 } }));
});
await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening));
const routingUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/graphql`;

let cost = 0;

const gateway = createGateway<Context>({
  supergraph: { subgraphs: { greetings: { routingUrl, schema: { sdl: 'type Query { hello: String }' } } } },

  /** Says who asks, so that the service can believe it. */
  willSendRequest({ headers, client }) {
    const { user } = client.contextValue;
    if (user === undefined) throw new GraphQLError('Log in first', { extensions: { code: 'UNAUTHENTICATED' } });
    headers.set('x-user', user);
    headers.set('x-signature', sign(user));
  },

  /** Counts what the services say they did. */
  didReceiveResponse({ extensions }) {
    cost += Number((extensions as { cost?: unknown } | undefined)?.cost ?? 0);
    console.log(`cost so far: ${cost}`);
  },

  // The hooks read the user and nothing else: identical queries of one user may share an execution.
  sharingKey: ({ contextValue }) => contextValue.user,
});

const server = new ApolloServer<Context>({ gateway, ...gateway.serverOptions() });
const { url } = await startStandaloneServer(server, {
  listen: { port: Number(process.env['PORT'] ?? 4000) },
  // In life: verify a token.
  context: async ({ req }) => ({ user: req.headers.authorization?.replace(/^Bearer /, '') }),
});
console.log(`Listening on ${url}`);
