/** What the public types promise. Checked by `npm run types`; nothing here runs. */
import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { IntrospectAndCompose, LocalCompose } from '@apollo/gateway';
import type { SupergraphManager as ApolloSupergraphManager } from '@apollo/gateway';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { Agent, MockAgent, ProxyAgent } from 'undici';
import pino from 'pino';

import { createGateway, fileSource, PorticoError } from '../../src/index.js';
import type {
  ClientRequest,
  ErrorCode,
  GatewayOptions,
  PorticoGateway,
  SubgraphClient,
  SubgraphReply,
  SubgraphRequest,
  SubgraphResponse,
  SupergraphManager,
} from '../../src/index.js';
import type { Equals } from './Equals.js';
import { assertType } from './Equals.js';

const supergraphSdl = 'type Query { a: Int }';
interface Context {
  readonly user: string;
}

// A gateway is what Apollo Server takes.
const gateway: PorticoGateway = createGateway({ supergraphSdl });
const asInterface: GatewayInterface = gateway;
new ApolloServer({ gateway: asInterface });
new ApolloServer({ gateway, ...gateway.serverOptions() });
new ApolloServer<Context>({ gateway, ...gateway.serverOptions(), plugins: [...gateway.serverOptions().plugins] });
assertType<Equals<ReturnType<PorticoGateway['isReady']>, boolean>>();
const options: Partial<ApolloServerOptions<BaseContext>> = gateway.serverOptions();
void options;

// Supergraphs.
createGateway({ supergraphSdl: fileSource('supergraph.graphql', { debounceMs: 10 }) });
createGateway({ supergraphSdl: new IntrospectAndCompose({ subgraphs: [] }) });
createGateway({ supergraphSdl: new LocalCompose({ localServiceList: [] }) });
createGateway({ supergraphSdl: async ({ update }) => (update(''), { supergraphSdl, cleanup: async () => {} }) });
createGateway({ supergraphSdl: {} as ApolloSupergraphManager });
createGateway({ supergraphSdl: {} as SupergraphManager });
createGateway({ supergraph: { subgraphs: { a: { routingUrl: 'http://a', schema: { file: 'a.graphql' } } } } });
// @ts-expect-error a manager gives an SDL
createGateway({ supergraphSdl: async () => ({}) });

// Hooks know the context of the server, when it is named.
createGateway<Context>({
  supergraphSdl,
  willSendRequest(request) {
    assertType<Equals<typeof request, SubgraphRequest<Context>>>();
    assertType<Equals<typeof request.client.contextValue, Context>>();
    assertType<Equals<typeof request.headers, Headers>>();
    // @ts-expect-error a hook cannot turn a query into a mutation
    request.kind = 'mutation';
  },
  didReceiveResponse(response) {
    assertType<Equals<typeof response, SubgraphResponse<Context>>>();
    assertType<Equals<typeof response.data, unknown>>();
  },
  sharingKey: ({ contextValue }) => contextValue.user,
  decorate(client, subgraph) {
    assertType<Equals<typeof client, SubgraphClient>>();
    assertType<Equals<typeof subgraph, string>>();
    return { ...client, execute: (call): Promise<SubgraphReply> => client.execute(call) };
  },
});
createGateway({
  supergraphSdl,
  willSendRequest({ client }) {
    assertType<Equals<typeof client, ClientRequest<unknown>>>();
    // @ts-expect-error nothing is known of a context that is not named
    void client.contextValue.user;
  },
});
// @ts-expect-error a decorator gives a client
createGateway({ supergraphSdl, decorate: () => undefined });

// Dispatchers and loggers in use.
for (const dispatcher of [new Agent(), new MockAgent(), new ProxyAgent('http://proxy')])
  createGateway({ supergraphSdl, dispatcher });
createGateway({ supergraphSdl, logger: console });
createGateway({ supergraphSdl, logger: pino() });

// Settings are those of portico.yaml in camelCase.
createGateway({
  supergraphSdl,
  headers: { all: { request: [{ propagate: { named: 'authorization' } }] } },
  trafficShaping: { all: { timeout: '2s', entityBatching: 'merge' }, subgraphs: { reviews: { dedupe: false } } },
  limits: { maxDepth: 10 },
  errors: { mask: false },
});
// @ts-expect-error settings of portico start are not a gateway's
createGateway({ supergraphSdl, server: { port: 4000 } });
// @ts-expect-error an unknown word
createGateway({ supergraphSdl, trafficShaping: { all: { entityBatching: 'sometimes' } } });
// @ts-expect-error an option of Apollo Gateway that is replaced
createGateway({ supergraphSdl, buildService: () => undefined });
assertType<Equals<NonNullable<GatewayOptions['introspection']>, boolean>>();

// Failures.
const error = new PorticoError('CONFIG_INVALID', 'x');
assertType<Equals<typeof error.code, ErrorCode>>();
// @ts-expect-error codes are a closed list
new PorticoError('NO_SUCH_CODE', 'x');
