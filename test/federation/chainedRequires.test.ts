import { expect, it } from 'vitest';

import { createTestGateway } from '../../src/testing/createTestGateway.js';

/** Planner defect: what an inner `@requires` needs is read from a subgraph that has it as `@external` only (guard `external`). */

type Parts = Record<'id' | 'one' | 'two' | 'three', number | null>;
const plusOne = (value: number | null) => (value === null ? null : value + 1);
const reference = { __resolveReference: (given: Parts) => given };
const subgraphs = {
  products: {
    typeDefs: `
      type Query { product: Product  shelf: Shelf }
      type Shelf { product: Product }
      type Product @key(fields: "id") {
        id: ID! one: Int @external two: Int @requires(fields: "one") three: Int @external four: Int @requires(fields: "three")
      }`,
    resolvers: {
      Query: { product: () => ({ id: 'p1' }), shelf: () => ({ product: { id: 'p1' } }) },
      // Like a resolver that trusts its inputs: without `one` there is no `two`.
      Product: {
        ...reference,
        one: () => null,
        three: () => null,
        two: ({ one }: Parts) => plusOne(one ?? null),
        four: ({ three }: Parts) => plusOne(three ?? null),
      },
    },
  },
  extras: {
    typeDefs: `
      type Product @key(fields: "id") { id: ID! one: Int two: Int @external three: Int @requires(fields: "two") }`,
    resolvers: { Product: { ...reference, one: () => 1, three: ({ two }: Parts) => plusOne(two ?? null) } },
  },
};

it.each([
  ['two', { two: 2 }],
  ['three', { three: 3 }],
  ['four', { four: 4 }],
  ['one three', { one: 1, three: 3 }],
  ['two three', { two: 2, three: 3 }],
  ['one two three four', { one: 1, two: 2, three: 3, four: 4 }],
])('a chain of @requires between two subgraphs starts at the owner: %s', async (fields, product) => {
  await using gateway = await createTestGateway({ subgraphs });
  expect(await gateway.execute(`{ product { ${fields} } }`)).toEqual({ data: { product } });
  expect(await gateway.execute(`{ shelf { product { ${fields} } } }`)).toEqual({ data: { shelf: { product } } });
});
