import { expect, it } from 'vitest';

import { finishedRequests } from '../../src/base/telemetry/channels.js';
import type { FinishedRequest } from '../../src/base/telemetry/channels.js';
import { defineRestSubgraph, restPath } from '../../src/index.js';
import { createTestGateway } from '../../src/testing/createTestGateway.js';
import { restSubgraph } from '../../src/testing/subgraphs/restSubgraph.js';

const typeDefs = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect", "@source"])
  @source(name: "stock", http: { baseURL: "http://stock.invalid/api" })
type Query { item(sku: ID!): Item @connect(source: "stock", http: { GET: "/items/{$args.sku}" }, selection: "sku units") }
type Item { sku: ID! units: Int }`;
const routes = {
  'GET /api/items/:sku': ({ params }: { params: Readonly<Record<string, string>> }) => ({
    sku: params['sku'],
    units: 3,
  }),
};
const QUERY = '{ item(sku: "a b") { sku units } }';

it('a REST service answers by method and path, and its calls are written down', async () => {
  const gateway = await createTestGateway({ subgraphs: { stock: restSubgraph({ typeDefs, routes }) } });
  expect(await gateway.execute(QUERY)).toEqual({ data: { item: { sku: 'a b', units: 3 } } });
  expect(gateway.calls).toMatchObject([
    { subgraph: 'stock', status: 200, rest: { method: 'GET', path: '/api/items/a%20b' } },
  ]);
  await gateway.close();
});

it('what one request asked of REST services is part of its log line', async () => {
  const lines: FinishedRequest[] = [];
  const stop = finishedRequests.subscribe((request) => lines.push(request));
  const gateway = await createTestGateway({ subgraphs: { stock: restSubgraph({ typeDefs, routes }) } });
  await gateway.execute('{ a: item(sku: 1) { units } b: item(sku: 2) { units } c: item(sku: 1) { sku } }');
  await gateway.execute('{ __typename }');
  stop();
  expect(lines.map(({ rest }) => rest && Object.fromEntries(rest))).toEqual([
    { 'stock.stock': { lookUps: 2, calls: 2 } },
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

it('faults are for REST services too', async () => {
  const gateway = await createTestGateway({ subgraphs: { stock: restSubgraph({ typeDefs, routes }) } });
  gateway.subgraph('stock').once().down();
  expect((await gateway.execute(QUERY)).errors).toHaveLength(1);
  gateway.subgraph('stock').once().respondWith(200, { sku: 'x', units: 9 });
  expect(await gateway.execute(QUERY)).toEqual({ data: { item: { sku: 'x', units: 9 } } });
  await gateway.close();
});

it('connectors without routes are refused', async () => {
  await expect(createTestGateway({ subgraphs: { stock: typeDefs } })).rejects.toThrow('give restSubgraph');
});
