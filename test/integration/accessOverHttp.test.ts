import { createHash } from 'node:crypto';

import { afterEach, describe, expect, test } from 'vitest';

import { createTestGateway } from '../../src/testing/createTestGateway.js';
import type { TestGateway, TestGatewayOptions } from '../../src/testing/TestGateway.js';

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes"])
  type Query { open: Int secret: Int @requiresScopes(scopes: [["read"]]) }
  type Mutation { first: Int second: Int @authenticated }
`;
const resolvers = { Query: { open: () => 1, secret: () => 42 }, Mutation: { first: () => 1, second: () => 2 } };

let gateway: TestGateway;
afterEach(() => gateway.close());

async function start(settings: TestGatewayOptions['settings']): Promise<TestGateway> {
  return (gateway = await createTestGateway({ subgraphs: { one: { typeDefs, resolvers } }, settings }));
}

async function post(query: string, client: Pick<TestGateway, 'fetch'> = gateway) {
  const headers = { 'content-type': 'application/json' };
  const response = await client.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
  return { status: response.status, headers: response.headers, json: (await response.json()) as unknown };
}

describe('on the wire', () => {
  test('what is refused in filter mode is 200 with what is left, and no challenge', async () => {
    await start({});
    const { status, headers, json } = await post('{ open secret }');
    expect([status, headers.get('www-authenticate')]).toEqual([200, null]);
    expect(json).toMatchObject({ data: { open: 1, secret: null }, errors: [{ path: ['secret'] }] });
  });

  test('an operation that is refused in reject mode is 403 without data, and nobody is asked (AC-16)', async () => {
    await start({ authorization: { directives: { unauthorized: { mode: 'reject' } } } });
    for (const query of ['{ open secret }', 'mutation { first second }']) {
      const { status, json } = await post(query);
      expect(status).toBe(403);
      expect(json).not.toHaveProperty('data');
      expect(json).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }] });
    }
    expect(gateway.calls).toEqual([]);
    expect((await post('{ open secret }', gateway.as({ sub: 'ada', scopes: 'read' }))).status).toBe(200);
  });

  test.each([
    ['authorization.require_authentication', { authorization: { requireAuthentication: true } }],
    ['authentication.require', { authentication: { require: true } }],
  ])('the anonymous get 401 with a challenge where %s is on', async (_name, more) => {
    const jwks = [{ secret: 'a secret of at least thirty-two bytes' }];
    const { authentication, ...others } = more as { authentication?: object; authorization?: object };
    await start({ ...others, authentication: { jwt: { jwks }, ...authentication } } as never);
    const { status, headers, json } = await post('{ open }');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(json).not.toHaveProperty('data');
    expect(gateway.calls).toEqual([]);
    expect((await post('{ open }', gateway.as({ sub: 'ada' }))).status).toBe(200);
  });
});

describe('nothing that gateways keep is of somebody else', () => {
  const query = '{ open secret }';
  const hash = createHash('sha256').update(query).digest('hex');
  const ask = async (client: Pick<TestGateway, 'fetch'>, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await client.fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(body) });
    return { caching: response.headers.get('cache-control'), json: (await response.json()) as { data?: unknown } };
  };
  const persisted = { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };

  test('a text that somebody else has left under its hash is judged for whoever sends the hash', async () => {
    await start({});
    const ada = gateway.as({ sub: 'ada', scopes: 'read' });
    const all = { open: 1, secret: 42 };
    expect((await ask(ada, { query, ...persisted })).json.data).toEqual(all);
    for (let turn = 0; turn < 3; turn++) {
      const [mine, theirs] = await Promise.all([ask(ada, persisted), ask(gateway, persisted)]);
      expect([mine.json.data, theirs.json.data]).toEqual([all, { open: 1, secret: null }]);
      for (const { caching } of [mine, theirs]) expect(caching).not.toMatch(/public/);
    }
  });

  test('gateways of other schemas, rules and planner settings in one process never share a plan (CACHE-14)', async () => {
    await start({});
    const open = typeDefs.replace(/ @requiresScopes\(.*?\)\)?/, '');
    const others = await Promise.all([
      createTestGateway({ subgraphs: { two: { typeDefs: open, resolvers } } }),
      createTestGateway({
        subgraphs: { one: { typeDefs: open, resolvers } },
        settings: { authorization: { fields: { 'Query.open': { authenticated: true } } } },
      }),
      createTestGateway({
        subgraphs: {
          one: { typeDefs: 'type Query { open: Int }', resolvers: { Query: { open: () => 2 } } },
          two: { typeDefs: 'type Query { secret: Int }', resolvers: { Query: { secret: () => 3 } } },
        },
        settings: { queryPlanner: { cacheSize: '1MB' } },
      }),
    ]);
    try {
      const all = [gateway, ...others];
      for (let turn = 0; turn < 2; turn++) {
        const answers = await Promise.all(all.map((each) => ask(each, { query })));
        expect(answers.map(({ json }) => json.data)).toEqual([
          { open: 1, secret: null },
          { open: 1, secret: 42 },
          { open: null, secret: 42 },
          { open: 2, secret: 3 },
        ]);
      }
      expect(all.map(({ calls }) => [...new Set(calls.map(({ subgraph }) => subgraph))].sort())).toEqual([
        ['one'],
        ['two'],
        ['one'],
        ['one', 'two'],
      ]);
    } finally {
      for (const each of others) await each.close();
    }
  });
});
