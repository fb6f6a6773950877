import { expect, test } from 'vitest';

import { createTestGateway } from '../support/testGateway.js';

const subgraphs = {
  a: {
    typeDefs: `
      type Query { me: User }
      type User @key(fields: "id") { id: ID! query: Query! friends: [User!]! }`,
    resolvers: {
      Query: { me: () => ({ id: '1' }) },
      User: { query: () => ({}), friends: () => [{ id: '2' }, { id: '3' }] },
    },
  },
  b: {
    typeDefs: `type Query { b(x: Int): Int }`,
    resolvers: { Query: { b: (_: unknown, { x }: { x?: number }) => x ?? 7 } },
  },
};

test('a root type that is reached again is fetched at its place, once for all parents', async () => {
  const gateway = createTestGateway({ subgraphs });
  const { data, errors } = await gateway.execute('{ b me { query { b other: b(x: 3) } friends { id query { b } } } }');
  expect(errors).toEqual([]);
  expect(data).toEqual({
    b: 7,
    me: {
      query: { b: 7, other: 3 },
      friends: [
        { id: '2', query: { b: 7 } },
        { id: '3', query: { b: 7 } },
      ],
    },
  });
  await gateway.close();
});

test('client variables may have the names that the planner uses itself', async () => {
  const gateway = createTestGateway({ subgraphs });
  const { data, errors } = await gateway.execute({
    query: `query ($representations: Int, $contextualArgument_1_0: Int, $client_representations: Int) {
      me { query { p: b(x: $representations) q: b(x: $contextualArgument_1_0) r: b(x: $client_representations) } }
    }`,
    variables: { representations: 1, contextualArgument_1_0: 2, client_representations: 3 },
  });
  expect(errors).toEqual([]);
  expect(data).toEqual({ me: { query: { p: 1, q: 2, r: 3 } } });
  await gateway.close();
});
