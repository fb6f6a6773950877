import { readFileSync } from 'node:fs';

import { Kind, parse } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { finishedRequests } from '../../src/base/telemetry/channels.js';
import type { FinishedRequest } from '../../src/base/telemetry/channels.js';
import { defineRestSubgraph, restPath } from '../../src/index.js';
import '../../src/testing/vitest.js';
import { createTestGateway } from '../../src/testing/createTestGateway.js';
import { recordSubgraphs } from '../../src/testing/fixtures/recordSubgraphs.js';
import { replaySubgraphs } from '../../src/testing/fixtures/replaySubgraphs.js';
import { verifyContract } from '../../src/testing/fixtures/verifyContract.js';
import { restSubgraph } from '../../src/testing/subgraphs/restSubgraph.js';
import type { RestSubgraph } from '../../src/testing/subgraphs/restSubgraph.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';
import { mockSubgraph } from '../../src/mocks/mockSubgraph.js';

const typeDefs = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@external", "@requires"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "http://stock.invalid/api" })
type Query {
  item(sku: ID!): Item @connect(source: "api", http: { GET: "/items/{$args.sku}" }, selection: "sku units", entity: true)
  items(first: Int): [Item!]! @connect(source: "api", http: { GET: "/items?limit={$args.first}" }, selection: "sku units")
}
type Mutation {
  take(sku: ID!, count: Int!): Item @connect(source: "api", http: { POST: "/items/{$args.sku}/take", body: "count: $args.count" }, selection: "sku units")
}
type Item @key(fields: "sku") {
  sku: ID!
  units: Int
  weight: Float @external
  shelf: String @connect(source: "api", http: { GET: "/shelf/{$this.sku}?kg={$this.weight}" }, selection: "$.name")
}`;
const catalog = 'type Query { top: [Item!]! } type Item @key(fields: "sku") { sku: ID! name: String! weight: Float }';
const routes: RestSubgraph['routes'] = {
  'GET /api/items/:sku': ({ params }) => ({ sku: params['sku'], units: 3 }),
  'GET /api/shelf/:sku': ({ query }) => ({ name: `for ${query.get('kg')} kg` }),
  'POST /api/items/:sku/take': ({ params, body }) => ({ sku: params['sku'], units: 3 - JSON.parse(body!).count }),
};
const QUERY = '{ item(sku: "a b") { sku units } }';
const ENTITIES = '{ top { sku name units shelf } item(sku: "7") { sku units name shelf } }';

describe('a REST service that answers by routes', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await createTestGateway({ subgraphs: { stock: restSubgraph({ typeDefs, routes }), catalog } });
  });
  beforeEach(() => gateway.reset());
  afterAll(() => gateway.close());

  it('is called as in production, and its calls are written down', async () => {
    expect(await gateway.execute(QUERY)).toEqual({ data: { item: { sku: 'a b', units: 3 } } });
    expect(gateway.calls).toMatchObject([
      {
        subgraph: 'stock',
        status: 200,
        rest: { method: 'GET', path: '/api/items/a%20b' },
        answer: { data: { sku: 'a b', units: 3 } },
      },
    ]);
  });

  it('has faults as other subgraphs have', async () => {
    gateway.subgraph('stock').once().down();
    expect((await gateway.execute(QUERY)).errors).toHaveLength(1);
    gateway.subgraph('stock').once().respondWith(200, { sku: 'x', units: 9 });
    expect(await gateway.execute(QUERY)).toEqual({ data: { item: { sku: 'x', units: 9 } } });
  });

  it('is found by method, URL and body', async () => {
    await gateway.execute('mutation { take(sku: "7", count: 2) { units } }');
    expect(gateway).toHaveFetched('stock', { method: 'POST', url: '/api/items/7/take', body: { count: 2 } });
    expect(gateway).toHaveFetched({ url: /\/take$/, body: '{"count":2}' });
    for (const pattern of [{ method: 'GET' }, { url: '/api/items/7' }, { body: { count: 3 } }, { url: '' }] as const)
      expect(gateway).not.toHaveFetched('stock', pattern);
    gateway.subgraph('stock').respondWith(200, []);
    await gateway.execute('{ items(first: 2) { sku } }');
    expect(gateway).toHaveFetched({ method: 'GET', url: '/api/items' });
    expect(gateway).toHaveFetched({ method: 'GET', url: '/api/items?limit=2' });
    expect(gateway).not.toHaveFetched({ url: '/api/items?limit=3' });
  });

  it('is described as the request that it was, where an expectation fails', async () => {
    await gateway.execute('mutation { take(sku: "7", count: 2) { units } }');
    let said = '';
    try {
      expect(gateway).toHaveFetched('stock', { method: 'GET', url: /take/ });
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(/^No call goes to stock and is like \{"method":"GET","url":"\/take\/"\}\./);
    gateway.reset();
    const answer = await gateway.execute('{ items(first: 2) { sku } }');
    expect(() => expect(answer).toHaveNoErrors()).toThrow(
      /1\. stock: GET \/api\/items\?limit=2, answered 404 .+\n {5}→ .+no route for GET \/api\/items \(there are GET/,
    );
    expect(said).toMatch(/1\. stock: POST \/api\/items\/7\/take, answered after .+\n {5}\{"count":2\}$/m);
  });
});

describe('a REST service that is mocked', () => {
  let gateway: TestGateway | undefined;
  afterEach(() => gateway?.close());

  it('is made up from its SDL as any subgraph, with entities that agree; nothing is sent to it', async () => {
    gateway = await createTestGateway({ subgraphs: { stock: typeDefs, catalog } });
    const { data, errors } = await gateway.execute(ENTITIES);
    expect(errors).toBeUndefined();
    expect(data!['item']).toEqual({
      sku: '7',
      units: expect.any(Number),
      name: expect.any(String),
      shelf: expect.any(String),
    });
    const { sku } = data!['top'][1];
    const again = await gateway.execute(ENTITIES.replace('"7"', JSON.stringify(sku)));
    expect(again.data!['item']).toEqual(data!['top'][1]);
    expect(gateway.calls.every(({ rest }) => rest === undefined)).toBe(true);
    // The input that another subgraph has is asked for before.
    expect(gateway).toHaveFetched('stock', {
      fields: ['shelf'],
      representations: [{ sku: '7', weight: expect.any(Number) }],
    });
  });

  it('keeps what mutations do, and has faults', async () => {
    const stock = mockSubgraph({ typeDefs, mocks: { Item: { units: 5 } }, store: true });
    gateway = await createTestGateway({ subgraphs: { stock, catalog } });
    expect((await gateway.execute('mutation { take(sku: "1", count: 2) { units } }')).data).toEqual({
      take: { units: 5 },
    });
    gateway.subgraph('stock').once().down();
    expect(await gateway.execute(QUERY)).toHaveErrorAt('item', 'SUBREQUEST_HTTP_ERROR');
  });

  it('is recorded and replayed as the GraphQL server that it is then', async () => {
    const recording = recordSubgraphs({ stock: typeDefs, catalog });
    gateway = await createTestGateway({ subgraphs: recording.subgraphs });
    const answer = await gateway.execute(QUERY);
    await gateway.close();
    gateway = await createTestGateway({ subgraphs: await replaySubgraphs(recording.fixture()) });
    expect(await gateway.execute(QUERY)).toEqual(answer);
  });
});

describe('a composed supergraph with REST services', () => {
  let supergraph: string;
  let gateway: TestGateway | undefined;
  beforeAll(async () => {
    await using composed = await createTestGateway({ subgraphs: { stock: typeDefs, catalog } });
    supergraph = composed.supergraphSdl;
  });
  afterEach(() => gateway?.close());

  it('is mocked whole; faults, records and breakers go by the name that declares the connectors', async () => {
    gateway = await createTestGateway({ supergraph });
    const answer = await gateway.execute(ENTITIES);
    expect(answer).toHaveNoErrors();
    expect(gateway.lastRequest.plan).toContain('Fetch(service: "stock.Query.item")');
    expect(gateway.subgraph('stock').calls.length).toBeGreaterThan(2);
    gateway.subgraph('stock').circuit().open();
    expect(await gateway.execute(QUERY)).toHaveErrorAt('item', 'SUBGRAPH_CIRCUIT_OPEN');
    expect(() => gateway!.subgraph('stock.Query.item')).toThrow('No subgraph "stock.Query.item", only catalog, stock');
  });

  it('takes routes, mocks and settings for them', async () => {
    gateway = await createTestGateway({
      supergraph,
      subgraphs: { stock: restSubgraph({ routes }) },
      settings: { connectors: { sources: { 'stock.api': { overrideUrl: 'http://moved.invalid/api' } } } },
    });
    expect((await gateway.execute('{ item(sku: "7") { units shelf } }')).data).toMatchObject({ item: { units: 3 } });
    expect(gateway).toHaveFetched('stock', { method: 'GET', url: /^\/api\/shelf\/7\?kg=\d/ });
    await gateway.close();
    const mock = mockSubgraph({ typeDefs, mocks: { Item: { units: 8 } } });
    gateway = await createTestGateway({ supergraph, subgraphs: { stock: mock } });
    expect((await gateway.execute(QUERY)).data).toEqual({ item: { sku: 'a b', units: 8 } });
  });
});

describe('what cannot be', () => {
  const start = (stock: Parameters<typeof createTestGateway>[0]['subgraphs'] & object) =>
    createTestGateway({ subgraphs: stock });

  it.each([
    [
      'a URL',
      { url: 'http://stock.test', typeDefs },
      /^Subgraph "stock" is a REST service: its connectors .* a url is not asked; give/,
    ],
    [
      'resolvers',
      { typeDefs, resolvers: { Query: { item: () => null } } },
      /which resolvers do not answer; give restSubgraph/,
    ],
    ['routes without connectors', restSubgraph({ typeDefs: catalog, routes }), /has no connectors \(@connect\)/],
    [
      'routes without an SDL',
      restSubgraph({ routes }),
      /without typeDefs: they may only be left out where a supergraph/,
    ],
  ])('%s: refused, and why', async (_, stock, message) => {
    await expect(start({ stock })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('recordings of requests, which are GraphQL alone', async () => {
    const stock = restSubgraph({ typeDefs, routes });
    expect(() => recordSubgraphs({ stock })).toThrow(/^Subgraph "stock" is a restSubgraph, and requests of REST/);
    const recording = recordSubgraphs({ stock: typeDefs, catalog });
    await using gateway = await createTestGateway({ subgraphs: recording.subgraphs });
    await gateway.execute(QUERY);
    await expect(verifyContract(recording.fixture(), { stock })).rejects.toThrow('recordings hold GraphQL alone');
  });
});

it('what one request asked of REST services is part of its log line', async () => {
  const lines: FinishedRequest[] = [];
  const stop = finishedRequests.subscribe((request) => lines.push(request));
  const gateway = await createTestGateway({ subgraphs: { stock: restSubgraph({ typeDefs, routes }), catalog } });
  await gateway.execute('{ a: item(sku: 1) { units } b: item(sku: 2) { units } c: item(sku: 1) { sku } }');
  await gateway.execute('{ __typename }');
  stop();
  expect(lines.map(({ rest }) => rest && Object.fromEntries(rest))).toEqual([
    { 'stock.api': { lookUps: 2, calls: 2 } },
    undefined,
  ]);
  await gateway.close();
});

it('resolvers of a subgraph in code run, and what they call is written down', async () => {
  const definition = defineRestSubgraph({
    typeDefs: 'type Query { item(sku: ID!): Item } type Item { sku: ID! units: Int }',
    resolvers: { Query: { item: (_, { sku }, { rest }) => rest.get(restPath`/items/${sku as string}`) } },
    baseURL: 'http://stock.invalid/api',
  });
  const gateway = await createTestGateway({ subgraphs: { stock: restSubgraph({ definition, routes }) } });
  expect(await gateway.execute(QUERY)).toEqual({ data: { item: { sku: 'a b', units: 3 } } });
  expect(gateway.calls).toMatchObject([{ subgraph: 'stock', rest: { method: 'GET', path: '/api/items/a%20b' } }]);
  gateway.subgraph('stock').once().down();
  expect((await gateway.execute(QUERY)).errors).toHaveLength(1);
  await gateway.close();
});

it('the demo graph is mocked whole, its REST services too', async () => {
  await using gateway = await createTestGateway({ supergraph: readFileSync('schema/supergraph.graphql', 'utf8') });
  const operations = parse(readFileSync('subgraphs/examples.graphql', 'utf8'));
  for (const { kind, ...definition } of operations.definitions) {
    if (kind !== Kind.OPERATION_DEFINITION || !('name' in definition)) continue;
    const answer = await gateway.as({ sub: 'u1', scopes: 'orders:read' }).execute({
      query: operations,
      operationName: definition.name?.value,
    });
    expect(answer).toHaveNoErrors();
  }
  expect(gateway).toHaveFetched('inventory');
  expect(gateway.calls.every(({ rest }) => rest === undefined)).toBe(true);
});
