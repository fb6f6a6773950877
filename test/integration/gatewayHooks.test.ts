import { GraphQLError } from 'graphql';
import { MockAgent } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import type { SubgraphRequest } from '../../src/gateway/hooks/SubgraphHooks.js';
import { shelf } from '../support/graphs/shelf.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { startLibraryServer } from '../support/libraryServer.js';
import type { LibraryServer } from '../support/libraryServer.js';

interface Context {
  readonly user: string;
}

let servers: GraphServers;
const open: LibraryServer[] = [];
beforeAll(async () => {
  servers = await startGraphServers(shelf);
});
afterAll(() => servers.close());
beforeEach(() => void (servers.received.length = 0));
afterEach(() => Promise.all(open.splice(0).map((server) => server.stop())));

async function serverWith(options: GatewayOptions<Context>, sdl = servers.supergraphSdl): Promise<LibraryServer> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const server = await startLibraryServer(createInlineGateway({ supergraphSdl: sdl, logger: silent, ...options }));
  open.push(server);
  return server;
}

const book = '{ book { title stars } }';

describe('willSendRequest', () => {
  const lines: string[] = [];
  let willSendRequest: NonNullable<GatewayOptions<Context>['willSendRequest']>;
  let server: LibraryServer;
  beforeAll(async () => {
    const logger = { debug() {}, info() {}, warn() {}, error: (line?: string) => void lines.push(line ?? '') };
    const gateway = createInlineGateway<Context>({
      supergraphSdl: servers.supergraphSdl,
      logger,
      trafficShaping: { router: { timeout: '2s' } },
      willSendRequest: (request) => willSendRequest(request),
    });
    server = await startLibraryServer(gateway);
  });
  afterAll(() => server.stop());

  it('forwards what it reads of the client: headers and the context of the Apollo Server', async () => {
    willSendRequest = ({ headers, client }) => {
      headers.set('authorization', client.header('Authorization') ?? 'nobody');
      headers.set('x-user', client.contextValue.user);
    };
    const { json } = await server.ask('query Who { whoAmI }', {
      headers: { authorization: 'Bearer ada' },
      context: { user: 'ada' },
    });
    expect(json).toEqual({ data: { whoAmI: 'Bearer ada' } });
    expect(servers.received[0]!.headers).toMatchObject({ 'x-user': 'ada', 'content-type': 'application/json' });
  });

  it('sees every call, entity calls with their representations', async () => {
    const seen: Array<Pick<SubgraphRequest, 'subgraph' | 'purpose' | 'kind' | 'operationName' | 'variables'>> = [];
    willSendRequest = ({ subgraph, purpose, kind, operationName, variables, client }) => {
      seen.push({ subgraph, purpose, kind, operationName, variables });
      expect(client.requestId).toBe('r-1');
      expect(client.operationName).toBe('Rename');
    };
    const query = 'mutation Rename($t: String!) { rename(title: $t) { stars } }';
    await server.ask(query, { variables: { t: 'x' }, headers: { 'x-request-id': 'r-1' } });
    expect(seen).toEqual([
      {
        subgraph: 'books',
        purpose: 'operation',
        kind: 'mutation',
        operationName: 'Rename__books__0',
        variables: { t: 'x' },
      },
      {
        subgraph: 'reviews',
        purpose: 'operation',
        kind: 'query',
        operationName: 'Rename__reviews__1',
        variables: { representations: [{ __typename: 'Book', id: '1' }] },
      },
    ]);
  });

  it('changes variables, document and extensions', async () => {
    willSendRequest = (request) => {
      request.variables!['word'] = 'changed';
      request.query = `# signed\n${request.query}`;
      request.extensions = { signature: 'abc' };
    };
    const { json } = await server.ask('query Q($word: String) { echo(word: $word) }', { variables: { word: 'sent' } });
    expect(json).toEqual({ data: { echo: 'changed' } });
    expect(servers.received[0]).toMatchObject({ extensions: { signature: 'abc' }, operationName: 'Q__books__0' });
    expect(servers.received[0]!.query).toMatch(/^# signed\n/);
  });

  it('may be asynchronous', async () => {
    willSendRequest = async ({ headers }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      headers.set('authorization', 'later');
    };
    expect((await server.ask('{ whoAmI }')).json).toEqual({ data: { whoAmI: 'later' } });
  });

  it('that hangs ends with the deadline of the request', async () => {
    willSendRequest = () => new Promise(() => {});
    const { json } = await server.ask(book);
    expect(json.errors?.[0]?.extensions['code']).toBe('GATEWAY_TIMEOUT');
  });

  it('refuses one call: the client reads its GraphQLError there, and the rest of the data', async () => {
    willSendRequest = ({ subgraph }) => {
      if (subgraph !== 'reviews') return;
      throw new GraphQLError('no reviews for you', { extensions: { code: 'FORBIDDEN', http: { status: 403 } } });
    };
    const { json, status } = await server.ask(book);
    expect(status).toBeUndefined();
    expect(json.data).toEqual({ book: { title: 'Emma', stars: null } });
    expect(json.errors).toMatchObject([
      { message: 'no reviews for you', path: ['book', 'stars'], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(json.errors![0]!.extensions).not.toHaveProperty('http');
  });

  it('that throws anything else is masked for the client, and told to the logger', async () => {
    willSendRequest = () => {
      throw new Error('the vault is sealed');
    };
    const { text } = await server.ask(book);
    expect(text).not.toContain('vault');
    expect(text).toContain('INTERNAL_SERVER_ERROR');
    expect(lines.join('\n')).toContain('calling books failed unexpectedly');
  });
});

describe('didReceiveResponse', () => {
  it('reads status and headers, and changes data', async () => {
    const seen: unknown[] = [];
    const server = await serverWith({
      didReceiveResponse(response) {
        seen.push([response.subgraph, response.status, response.headers.get('content-type')]);
        if (response.subgraph === 'books') (response.data as { book: { title: string } }).book.title += '!';
      },
    });
    expect((await server.ask(book)).json).toEqual({ data: { book: { title: 'Emma!', stars: 5 } } });
    expect(seen).toEqual([
      ['books', 200, 'application/json'],
      ['reviews', 200, 'application/json'],
    ]);
  });

  it('adds errors, which are treated as those of the subgraph', async () => {
    const server = await serverWith({
      errors: { mask: false },
      didReceiveResponse(response) {
        if (response.subgraph !== 'books') return;
        response.data = { book: null };
        response.errors = [{ message: 'gone', path: ['book'], extensions: { code: 'GONE' } }];
      },
    });
    const { json } = await server.ask(book);
    expect(json.data).toEqual({ book: null });
    expect(json.errors).toMatchObject([{ message: 'gone', path: ['book'], extensions: { code: 'GONE' } }]);
  });
});

describe('what is shared when there are hooks', () => {
  const asBoth = (server: LibraryServer, query = '{ whoAmI }') =>
    Promise.all(['ada', 'bob'].map((user) => server.ask(query, { context: { user } })));
  const authorize = ({ headers, client }: SubgraphRequest<Context>): void =>
    headers.set('authorization', client.contextValue.user);

  it('without hooks, identical queries in flight are one call', async () => {
    const server = await serverWith({});
    await server.ask('{ __typename }');
    await asBoth(server);
    expect(servers.received).toHaveLength(1);
  });

  it('identical queries of two users are answered to each of them', async () => {
    const server = await serverWith({ willSendRequest: authorize });
    const answers = await asBoth(server);
    expect(answers.map(({ json }) => json.data)).toEqual([{ whoAmI: 'ada' }, { whoAmI: 'bob' }]);
    expect(servers.received).toHaveLength(2);
  });

  it('calls that a hook made equal are one call', async () => {
    const server = await serverWith({ willSendRequest: ({ headers }) => headers.set('authorization', 'gateway') });
    await server.ask('{ __typename }');
    const answers = await asBoth(server);
    expect(answers.map(({ json }) => json.data)).toEqual([{ whoAmI: 'gateway' }, { whoAmI: 'gateway' }]);
    expect(servers.received).toHaveLength(1);
  });

  it('calls that differ in extensions alone are not one call', async () => {
    const server = await serverWith({
      willSendRequest(request) {
        request.extensions = { user: request.client.contextValue.user };
      },
    });
    await asBoth(server);
    expect(servers.received).toHaveLength(2);
    expect(new Set(servers.received.map(({ extensions }) => extensions?.['user']))).toEqual(new Set(['ada', 'bob']));
  });

  it('with didReceiveResponse no call is shared, whatever the traffic settings say', async () => {
    const server = await serverWith({
      trafficShaping: { all: { dedupe: true }, subgraphs: { books: { dedupe: true } } },
      didReceiveResponse(response) {
        (response.data as { whoAmI: string }).whoAmI = response.client.contextValue.user;
      },
    });
    const answers = await asBoth(server);
    expect(answers.map(({ json }) => json.data)).toEqual([{ whoAmI: 'ada' }, { whoAmI: 'bob' }]);
    expect(servers.received).toHaveLength(2);
  });

  it('a sharing key says who may share', async () => {
    const server = await serverWith({
      willSendRequest: authorize,
      didReceiveResponse(response) {
        (response.data as { whoAmI: string }).whoAmI += '!';
      },
      sharingKey: ({ contextValue }) => contextValue.user,
    });
    await server.ask('{ __typename }', { context: { user: 'ada' } });
    const answers = await Promise.all(
      ['ada', 'bob', 'ada'].map((user) => server.ask('{ whoAmI }', { context: { user } })),
    );
    expect(answers.map(({ json }) => json.data?.['whoAmI'])).toEqual(['ada!', 'bob!', 'ada!']);
    expect(servers.received).toHaveLength(2);
  });

  it('a sharing key of undefined shares nothing', async () => {
    const server = await serverWith({ willSendRequest: authorize, sharingKey: () => undefined });
    await asBoth(server);
    expect(servers.received).toHaveLength(2);
  });
});

describe('decorate', () => {
  it('wraps the client of each subgraph once, outside everything else', async () => {
    const wrapped: string[] = [];
    const server = await serverWith({
      willSendRequest: ({ headers }) => headers.set('x-order', `${headers.get('x-order')}, hook`),
      decorate(client, subgraph) {
        wrapped.push(subgraph);
        return {
          ...client,
          execute: (call) => client.execute({ ...call, headers: [...call.headers, ['x-order', 'decorator']] }),
        };
      },
    });
    await server.ask(book);
    await server.ask(book);
    expect(wrapped.toSorted()).toEqual(['books', 'reviews']);
    expect(servers.received.map(({ headers }) => headers['x-order'])).toEqual(Array(4).fill('decorator, hook'));
  });

  it('must give a client', async () => {
    const start = serverWith({ decorate: () => ({}) as never });
    await expect(start).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('decorate') });
  });
});

describe('dispatcher', () => {
  it('sends all calls, and stays open when the gateway stops', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const pool = agent.get(new URL(servers.urls['books']!).origin);
    pool
      .intercept({ path: '/graphql', method: 'POST' })
      .reply(200, { data: { whoAmI: 'mock' } }, { headers: { 'content-type': 'application/json' } })
      .times(2);
    const server = await serverWith({ dispatcher: agent });
    expect((await server.ask('{ whoAmI }')).json).toEqual({ data: { whoAmI: 'mock' } });
    await open.pop()!.stop();
    const second = await serverWith({ dispatcher: agent });
    expect((await second.ask('{ whoAmI }')).json).toEqual({ data: { whoAmI: 'mock' } });
    expect(servers.received).toEqual([]);
    await agent.close();
  });

  it('that answers never ends with the deadline', async () => {
    const server = await serverWith({
      trafficShaping: { all: { timeout: '200ms' } },
      dispatcher: { dispatch: () => true },
    });
    const { json } = await server.ask('{ whoAmI }');
    expect(json.errors).toMatchObject([{ path: ['whoAmI'], extensions: { code: 'SUBGRAPH_TIMEOUT' } }]);
  });
});
