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

/** Planner defect: what a third subgraph needs is computed in the fetch of the entity, before its own inputs are there (guard `chained`). */
const relay = {
  items: {
    typeDefs: `type Query { item: Item }  type Item @key(fields: "id") { id: ID! one: Int }`,
    resolvers: { Query: { item: () => ({ id: 'a' }) }, Item: { ...reference, one: () => 1 } },
  },
  twins: {
    typeDefs: `
      type Item @key(fields: "id") { id: ID! one: Int @external two: Int @requires(fields: "one") twin: Item twins: [Item!] }`,
    resolvers: {
      Item: {
        ...reference,
        twin: () => ({ id: 'b' }),
        twins: () => [{ id: 'b' }, { id: 'c' }],
        two: ({ one }: Parts) => plusOne(one ?? null),
      },
    },
  },
  thirds: {
    typeDefs: `
      type Item @key(fields: "id") {
        id: ID! one: Int @external two: Int @external three: Int @requires(fields: "two") sum: Int @requires(fields: "one two")
      }`,
    resolvers: {
      Item: {
        ...reference,
        three: ({ two }: Parts) => plusOne(two ?? null),
        sum: ({ one, two }: Parts) => (one ?? 0) + (two ?? 0),
      },
    },
  },
  fourths: {
    typeDefs: `
      type Item @key(fields: "id") { id: ID! three: Int @external four: Int @requires(fields: "three") }`,
    resolvers: { Item: { ...reference, four: ({ three }: { three?: number }) => plusOne(three ?? null) } },
  },
};

it.each([
  ['three', { three: 3 }],
  ['sum', { sum: 3 }],
  ['four', { four: 4 }],
  ['two sum four', { two: 2, sum: 3, four: 4 }],
])('a chain of @requires through three subgraphs is computed in its order: %s', async (fields, item) => {
  await using gateway = await createTestGateway({ subgraphs: relay });
  expect(await gateway.execute(`{ item { ${fields} twin { ${fields} twin { ${fields} } } } }`)).toEqual({
    data: { item: { ...item, twin: { ...item, twin: item } } },
  });
  expect(await gateway.execute(`{ item { twins { ${fields} } } }`)).toEqual({
    data: { item: { twins: [item, item] } },
  });
});

it.each([
  ['... @include(if: $yes) { four @skip(if: $no) }', { four: 4 }],
  ['... @include(if: $no) { four @include(if: $yes) }', {}],
  ['... @skip(if: $no) { ... @include(if: $yes) { ... on Item @skip(if: $no) { sum four } } }', { sum: 3, four: 4 }],
  ['... @include(if: $yes) { two four @include(if: $no) } sum @skip(if: $no)', { two: 2, sum: 3 }],
])('a chain of @requires behind nested conditions is planned: %s', async (selection, item) => {
  await using gateway = await createTestGateway({ subgraphs: relay });
  const text = `query ($yes: Boolean!, $no: Boolean!) { item { twin { ${selection} } twins { ${selection} } } }`;
  expect(await gateway.execute(text, { yes: true, no: false })).toEqual({
    data: { item: { twin: item, twins: [item, item] } },
  });
});

/** Planner defect: after keys that lead through several subgraphs it is forgotten what a field with `@requires` waits for (guard `placed`). */
const hops = {
  items: {
    typeDefs: `type Query { item: Item }  type Item @key(fields: "id") { id: ID! one: Int }`,
    resolvers: { Query: { item: () => ({ id: 'a' }) }, Item: { ...reference, one: () => 1 } },
  },
  references: {
    typeDefs: `
      type Item @key(fields: "id") @key(fields: "ref") { id: ID! ref: ID! one: Int @external two: Int @requires(fields: "one") }`,
    resolvers: {
      Item: { ...reference, id: () => 'a', ref: () => 'r', two: ({ one }: Parts) => plusOne(one ?? null) },
    },
  },
  numbers: {
    typeDefs: `
      type Item @key(fields: "ref") @key(fields: "no") { ref: ID! no: ID! two: Int @external three: Int @requires(fields: "two") }`,
    resolvers: {
      Item: { ...reference, ref: () => 'r', no: () => 'n', three: ({ two }: Parts) => plusOne(two ?? null) },
    },
  },
  lasts: {
    typeDefs: `
      type Item @key(fields: "no") { no: ID! three: Int @external one: Int @external four: Int @requires(fields: "three") sum: Int @requires(fields: "one three") }`,
    resolvers: {
      Item: {
        ...reference,
        four: ({ three }: Parts) => plusOne(three ?? null),
        sum: ({ one, three }: Parts) => (one ?? 0) + (three ?? 0),
      },
    },
  },
};

it.each([
  ['four', { four: 4 }],
  ['sum four', { sum: 4, four: 4 }],
  // Fetches with the same inputs, one of which waits for the other: the planner never came to an end.
  ['three two four', { three: 3, two: 2, four: 4 }],
])('a chain of @requires along keys of several subgraphs is computed in its order: %s', async (fields, item) => {
  await using gateway = await createTestGateway({ subgraphs: hops });
  expect(await gateway.execute(`{ item { ${fields} } }`)).toEqual({ data: { item } });
});

it('what a fetch may bring under a condition is not missed because a later one always brings it', async () => {
  await using gateway = await createTestGateway({ subgraphs: hops });
  const text = 'query ($no: Boolean!) { item { ... @include(if: $no) { two } four } }';
  expect(await gateway.execute(text, { no: false })).toEqual({ data: { item: { four: 4 } } });
});

it('a fetch does not join one before it whose same inputs are there under a condition only', async () => {
  await using gateway = await createTestGateway({ subgraphs: hops });
  const text = 'query ($no: Boolean!) { item { four two @include(if: $no) } }';
  expect(await gateway.execute(text, { no: false })).toEqual({ data: { item: { four: 4 } } });
});
