import type { ServerResponse } from 'node:http';

import { startStandaloneServer } from '@apollo/server/standalone';
import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServerOptions, GraphServers, ReceivedRequest } from '../support/graphServers.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

let heads: (request: ReceivedRequest, response: ServerResponse) => void;
const respond: NonNullable<GraphServerOptions['respond']> = (request, response) => heads(request, response);
let servers: GraphServers;
let edge: Edge;
beforeAll(async () => {
  servers = await startGraphServers({
    users: {
      typeDefs:
        'type Query { me: User  early: String } type Mutation { login: Boolean } type User @key(fields: "id") { id: ID! }',
      resolvers: { Query: { me: () => ({ id: '1' }), early: () => 'e' }, Mutation: { login: () => true } },
      respond,
    },
    names: {
      typeDefs: 'type Query { late: String } type User @key(fields: "id") { id: ID! name: String }',
      resolvers: { User: { name: () => 'Ada' }, Query: { late: () => 'l' } },
      respond,
    },
  });
  const gateway = gatewayWith([
    { propagate: { named: 'x-by', algorithm: 'append' } },
    { propagate: { named: 'set-cookie' } },
    { propagate: { matching: 'x-open.*|l.*|ratelimit|cache-control|x-request-id|access-.*|www-.*' } },
  ]);
  edge = await startEdge({ gateway });
});
afterAll(async () => {
  await edge.close();
  await servers.close();
});
beforeEach(() => {
  servers.received.length = 0;
  heads = () => {};
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };
type Response = NonNullable<NonNullable<NonNullable<GatewayOptions['headers']>['all']>['response']>;

function gatewayWith(response: Response) {
  const { supergraphSdl } = servers;
  return createInlineGateway({ supergraphSdl, logger: silent, headers: { all: { response } } });
}

const both = { query: '{ me { name } early }' };
const KEEPABLE = 'public, max-age=60';

describe('headers of subgraphs in answers', { timeout: 60_000 }, () => {
  it('reach the client only when a rule says so: NET-11', async () => {
    heads = ({ subgraph }, response) => {
      response.setHeader('x-by', subgraph);
      response.setHeader('x-open', 'yes');
      response.setHeader('x-private', 'secret');
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('location', 'https://evil.test/');
      response.setHeader('www-authenticate', 'Basic');
    };
    const { headers, json, status } = await edge.post(both);
    expect(status).toBe(200);
    expect(json.data).toEqual({ me: { name: 'Ada' }, early: 'e' });
    expect(headers.get('x-by')).toBe('users, names');
    expect(headers.get('x-open')).toBe('yes');
    for (const name of ['x-private', 'access-control-allow-origin', 'location', 'www-authenticate'])
      expect(headers.get(name)).toBeNull();
  });

  it('two cookies are two headers, and nobody keeps the answer: NET-11', async () => {
    heads = (_request, response) => {
      response.setHeader('cache-control', KEEPABLE);
      response.setHeader('set-cookie', ['a=1', 'b=2; HttpOnly']);
    };
    const answer = await edge.post({ query: 'mutation { login }' });
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2; HttpOnly']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('those who share an answer get its headers, and only the one that was asked for gets its cookies', async () => {
    const documents = ['{ early }', 'query { early }', '{ late }'];
    // With plans, so that nobody waits for the planner.
    for (const query of documents) await edge.post({ query });
    servers.received.length = 0;
    let answer = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      heads = ({ subgraph }, response) => {
        if (subgraph !== 'users') return;
        response.setHeader('x-open', 'yes');
        response.setHeader('set-cookie', 'session=1');
        const end = response.end.bind(response);
        response.end = ((body: string) => {
          answer = () => void end(body);
          resolve();
        }) as unknown as ServerResponse['end'];
      };
    });
    const [one, same, other] = documents.map((query) => ({ query }));
    const first = edge.post(one);
    await arrived;
    // The first shares the whole answer; the other, whose document is another text, the call.
    const followers = [edge.post(one), edge.post(same)];
    // When these are answered, the followers have long been waiting.
    for (let turn = 0; turn < 5; turn++) await edge.post(other);
    answer();
    const answers = await Promise.all([first, ...followers]);
    expect(servers.received.filter(({ subgraph }) => subgraph === 'users')).toHaveLength(1);
    expect(answers.map(({ headers }) => headers.get('x-open'))).toEqual(['yes', 'yes', 'yes']);
    expect(answers.map(({ headers }) => headers.getSetCookie())).toEqual([['session=1'], [], []]);
  });

  it('come with a partial answer, from those that answered', async () => {
    heads = ({ subgraph }, response) => {
      if (subgraph === 'names') response.destroy();
      else response.setHeader('x-by', subgraph);
    };
    const { headers, json } = await edge.post(both);
    expect(json.data).toEqual({ me: { name: null }, early: 'e' });
    expect(headers.get('x-by')).toBe('users');
  });

  it('never replace what the gateway itself says of the answer', async () => {
    heads = (_request, response) => {
      response.setHeader('x-request-id', 'theirs');
      response.setHeader('ratelimit', 'theirs');
      response.setHeader('cache-control', KEEPABLE);
    };
    const { headers } = await edge.post({ query: '{ early }' }, { 'x-request-id': 'mine' });
    expect(headers.get('x-request-id')).toBe('mine');
    expect(headers.get('ratelimit')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('work in an Apollo Server of the user, cookies too: two headers for two', async () => {
    heads = ({ subgraph }, response) => {
      response.setHeader('cache-control', KEEPABLE);
      if (subgraph === 'names') return;
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.setHeader('x-by', 'users');
    };
    const rules: Response = [{ propagate: { named: 'set-cookie' } }, { propagate: { named: 'x-by' } }];
    const server = new ApolloServer({ gateway: gatewayWith(rules), logger: silent, stopOnTerminationSignals: false });
    const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
    try {
      const ask = (query: string) =>
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        });
      const response = await ask('{ early }');
      expect(await response.json()).toEqual({ data: { early: 'e' } });
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect(response.headers.get('x-by')).toBe('users');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect((await ask('{ late }')).headers.get('cache-control')).toBe('max-age=60, public');
    } finally {
      await server.stop();
    }
  });
});
