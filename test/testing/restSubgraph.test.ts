import { expect, it } from 'vitest';

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
