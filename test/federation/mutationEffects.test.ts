import { expect, test } from 'vitest';

import { createTestGateway } from '../support/testGateway.js';

/** Two subgraphs, so that effects alternate between them; `log` holds them in the order they happened. */
function openBank(log: string[]) {
  const add =
    (name: string) =>
    (_: unknown, { by }: { by: number }) => {
      log.push(`${name} ${by}`);
      return { id: String(log.length), total: log.length };
    };
  return createTestGateway({
    subgraphs: {
      a: {
        typeDefs: `type Query { x: Int } type Mutation { addA(by: Int!): Sum! } type Sum @key(fields: "id") { id: ID! total: Int! }`,
        resolvers: { Mutation: { addA: add('a') } },
      },
      b: {
        typeDefs: `type Query { y: Int } type Mutation { addB(by: Int!): Sum! } type Sum @key(fields: "id") { id: ID! label: String }`,
        resolvers: {
          Mutation: { addB: add('b') },
          Sum: {
            __resolveReference: ({ id }: { id: string }) => ({ id, label: `n${id}` }),
            label: ({ id }: { id: string }) => `n${id}`,
          },
        },
      },
    },
  });
}

test('two aliases of one mutation field are two effects', async () => {
  const log: string[] = [];
  const { data } = await openBank(log).execute('mutation { one: addA(by: 1) { total } two: addA(by: 1) { total } }');
  expect(log).toEqual(['a 1', 'a 1']);
  expect(data).toEqual({ one: { total: 1 }, two: { total: 2 } });
});

test('a mutation field that is selected twice under one name is one effect', async () => {
  const log: string[] = [];
  const { data } = await openBank(log).execute(
    'mutation { addA(by: 1) { total } addB(by: 2) { id } addA(by: 1) { label } }',
  );
  expect(log).toEqual(['a 1', 'b 2']);
  expect(data).toEqual({ addA: { total: 1, label: 'n1' }, addB: { id: '2' } });
});

test.each([
  [true, true, ['a 1', 'b 2'], { addA: { total: 1, label: 'n1' }, addB: { id: '2' } }],
  [true, false, ['a 1', 'b 2'], { addA: { total: 1 }, addB: { id: '2' } }],
  [false, true, ['b 2', 'a 1'], { addB: { id: '1' }, addA: { label: 'n2' } }],
  [false, false, ['b 2'], { addB: { id: '1' } }],
])('conditions on the same effect (%s, %s) never double it', async (p, q, effects, expected) => {
  const log: string[] = [];
  const { data, errors } = await openBank(log).execute({
    query: `mutation ($p: Boolean!, $q: Boolean!) {
      addA(by: 1) @include(if: $p) { total }
      addB(by: 2) { id }
      ... @include(if: $q) { addA(by: 1) { label } }
    }`,
    variables: { p, q },
  });
  expect(errors).toEqual([]);
  expect(log).toEqual(effects);
  expect(data).toEqual(expected);
  expect(Object.keys(data as object)).toEqual(Object.keys(expected));
});
