import { describe, expect, it } from 'vitest';

import { printRestCalls, restCalls } from '../../src/cli/restCalls.js';
import { Lifetime } from '../../src/base/kit/Lifetime.js';
import { createInlineApolloPlanner } from '../../src/engine/plan/apollo/createInlineApolloPlanner.js';
import { compose } from '../../src/supergraph/compose/compose.js';
import { readSupergraph } from '../../src/supergraph/read/readSupergraph.js';
import { graphqlSubgraph, restSubgraph } from '../supergraph/connect/connectorSdl.js';

async function callsOf(query: string, connector: string): Promise<ReturnType<typeof restCalls>> {
  const supergraph = readSupergraph(
    compose([
      graphqlSubgraph(
        'orders',
        'type Query { orders: [Order!]! best: Product } type Order { product: Product } type Product @key(fields: "id") { id: ID }',
      ),
      restSubgraph('stock', `type Product @key(fields: "id") ${connector} { id: ID units: Int }`),
    ]).supergraphSdl,
  );
  const planner = createInlineApolloPlanner({ supergraphSdl: supergraph.sdl });
  const plan = await planner.plan({ text: query, labels: [] }, new Lifetime(Infinity));
  await planner.close();
  return restCalls(plan, supergraph.connectors);
}

const single = '@connect(source: "api", http: { GET: "/{$this.id}" }, selection: "units")';
const batch =
  '@connect(source: "api", http: { POST: "/s", body: "ids: $batch.id" }, batch: { maxSize: 9 }, selection: "id units")';

describe('the REST calls of a plan', () => {
  it('warn of N+1 where each object of a list takes a request', async () => {
    const calls = await callsOf('{ orders { product { units } } }', single);
    expect(calls).toEqual([
      {
        connector: 'stock.Product',
        requests: 'GET http://rest.test/v1/{$this.id}, one request per object',
        oncePerObjectOf: ['orders.@.product'],
      },
    ]);
    expect(printRestCalls(calls)).toBe(`
REST calls:
  stock.Product: GET http://rest.test/v1/{$this.id}, one request per object
warning: N+1: stock.Product is asked once for each different object of orders.@.product; give it a batch ($batch)
`);
  });

  it.each([
    ['many are asked for with one request', '{ orders { product { units } } }', batch],
    ['there is one object', '{ best { units } }', single],
  ])('do not where %s', async (_, query, connector) => {
    const calls = await callsOf(query, connector);
    expect(calls.map(({ oncePerObjectOf }) => oncePerObjectOf)).toEqual([[]]);
    expect(printRestCalls(calls)).not.toContain('warning');
  });

  it('are nothing where no REST service is asked', async () => {
    expect(printRestCalls(await callsOf('{ orders { __typename } }', single))).toBe('');
  });
});
