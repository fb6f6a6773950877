import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/engine/execute/json.js';
import { createApolloPlanner } from '../../../src/engine/plan/apollo/createApolloPlanner.js';
import { createInlineApolloPlanner } from '../../../src/engine/plan/apollo/createInlineApolloPlanner.js';
import type { SubgraphClient, SubgraphReply } from '../../../src/upstream/SubgraphClient.js';
import { arbitraryOperation } from '../../differential/generate/arbitraryOperation.js';
import { printOperation } from '../../differential/generate/printOperation.js';
import { createSchemaClient } from '../../support/schemaClient.js';
import { allGraphs } from '../../support/graphs/allGraphs.js';
import { World } from '../../support/graphs/World.js';
import { deepFreeze, entityFetch, inSequence, rootFetch, runPlan } from '../../support/runPlan.js';
import { createTestGateway } from '../../support/testGateway.js';

/** Random operations a graph. */
const RUNS = 15;
const LIMITS = { maxAliases: 10_000, maxDirectives: 10_000, maxRootFields: 1_000 };

/** Every caller gets the very same objects, marked as shared and frozen to the last leaf. */
function sharing(client: SubgraphClient, replies: Map<string, Promise<SubgraphReply>>): SubgraphClient {
  return {
    name: client.name,
    execute: (call) => {
      if (call.operation.kind === 'mutation') return client.execute(call);
      const key = `${client.name}\n${call.operation.text}\n${call.variablesJson}`;
      let reply = replies.get(key);
      if (reply === undefined) {
        reply = client.execute(call).then((each) => deepFreeze({ ...each, shared: true }));
        replies.set(key, reply);
      }
      return reply;
    },
    close: () => client.close(),
  };
}

describe.each(allGraphs.map((graph) => ({ name: graph.name, graph })))('shared replies on $name', ({ graph }) => {
  it('are never written into, and answer as replies of one request do (CACHE-11)', async () => {
    const world = new World(graph);
    const replies = new Map<string, Promise<SubgraphReply>>();
    const own = new Map([...world.subgraphs].map(([name, schema]) => [name, createSchemaClient({ name, schema })]));
    // Both gateways plan alike, so they share one planner. Only where random operations explode does it need a thread and a deadline.
    const planner =
      graph.name === 'media'
        ? createApolloPlanner({ supergraphSdl: world.supergraphSdl, workers: 1, timeoutMs: 2_000 })
        : createInlineApolloPlanner({ supergraphSdl: world.supergraphSdl });
    const gateway = (wrap: (client: SubgraphClient) => SubgraphClient) =>
      createTestGateway({
        supergraphSdl: world.supergraphSdl,
        limits: LIMITS,
        subgraphs: Object.fromEntries([...own].map(([name, client]) => [name, { client: wrap(client) }])),
        createPlanner: () => planner,
      });
    const plain = gateway((client) => client);
    const shared = gateway((client) => sharing(client, replies));
    let answered = 0;
    try {
      const specs = fc.sample(arbitraryOperation(world.merged, graph.values), { numRuns: RUNS, seed: 20_261_123 });
      for (const spec of specs.filter(({ kind }) => kind === 'query')) {
        const { query, variables } = printOperation(spec, world.merged, 'strict');
        if (validate(world.merged, parse(query)).length > 0) continue;
        world.reset();
        const expected = await plain.execute({ query, variables });
        if (expected.dataText === undefined) continue;
        for (let again = 0; again < 2; again++) {
          const answer = await shared.execute({ query, variables });
          expect(answer.dataText, query).toBe(expected.dataText);
          expect(answer.errors, query).toEqual(expected.errors);
        }
        answered++;
      }
    } finally {
      await plain.close();
      await shared.close();
    }
    expect(answered).toBeGreaterThan(RUNS / 3);
  }, 120_000);
});

describe('a shared reply', () => {
  const listing = rootFetch({ subgraph: 'a', operation: '{products{__typename id} plain{big{deep}}}' });
  const reply = deepFreeze({
    shared: true,
    data: {
      products: ['1', '2', '1'].map((id) => ({ __typename: 'Product', id })),
      plain: { big: [{ deep: 1 }] },
    },
  });

  it('is copied only where later work writes', async () => {
    const { run } = await runPlan(
      inSequence(listing, entityFetch('b', 'products.@', 'Product', ['id'], '{... on Product{dims{width}}}')),
      {
        answers: {
          a: () => reply,
          b: ({ variables }) =>
            deepFreeze({
              shared: true,
              data: { _entities: (variables['representations'] as JsonObject[]).map(() => ({ dims: { width: 1 } })) },
            }),
        },
      },
    );
    expect(run.root['products']).toMatchObject([
      { dims: { width: 1 } },
      { dims: { width: 1 } },
      { dims: { width: 1 } },
    ]);
    expect(run.root['products']).not.toBe(reply.data.products);
    expect(run.root['plain']).toBe(reply.data.plain);
  });

  it('keeps its keys when the plan renames them for one request', async () => {
    const { run } = await runPlan(
      rootFetch({
        subgraph: 'a',
        operation: '{nodes{__typename ... on A{x} ... on B{x__alias_0:x}}}',
        outputRewrites: [{ kind: 'KeyRenamer', path: ['nodes', '... on B', 'x__alias_0'], key: 'x' }],
      }),
      {
        answers: {
          a: () =>
            deepFreeze({
              shared: true,
              data: {
                nodes: [
                  { __typename: 'A', x: 1 },
                  { __typename: 'B', x__alias_0: 2 },
                ],
              },
            }),
        },
      },
    );
    expect(run.root['nodes']).toEqual([
      { __typename: 'A', x: 1 },
      { __typename: 'B', x: 2 },
    ]);
  });

  it('is not written into where a root type is reached again by several objects', async () => {
    const { run } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{edges{__typename}}' }),
        {
          kind: 'Flatten',
          path: [
            { kind: 'field', name: 'edges', types: undefined },
            { kind: 'list', types: undefined },
          ],
          node: rootFetch({ subgraph: 'b', operation: '{product{__typename id}}' }),
        },
        entityFetch('c', 'edges.@.product', 'Product', ['id'], '{... on Product{name}}'),
      ),
      {
        answers: {
          a: () => deepFreeze({ shared: true, data: { edges: [{ __typename: 'Query' }, { __typename: 'Query' }] } }),
          b: () => deepFreeze({ shared: true, data: { product: { __typename: 'Product', id: '1' } } }),
          c: () => deepFreeze({ shared: true, data: { _entities: [{ name: 'n' }] } }),
        },
      },
    );
    expect(run.root['edges']).toMatchObject([{ product: { name: 'n' } }, { product: { name: 'n' } }]);
  });
});
