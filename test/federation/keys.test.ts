import { describe, expect, it } from 'vitest';

import { answersRight } from '../support/answersRight.js';
import { chain } from '../support/graphs/chain.js';
import type { FederatedGraph } from '../support/graphs/FederatedGraph.js';
import { shop } from '../support/graphs/shop.js';
import { createTestGateway } from '../support/testGateway.js';

/** Planner defect: after @requires the plan re-enters a subgraph by a key that the subgraph declares non-resolvable. */
const mashup: FederatedGraph = {
  name: 'mashup',
  subgraphs: {
    a: /* GraphQL */ `
      type Query {
        item: Item
      }
      type Item @key(fields: "id") @key(fields: "compound { one two three }") {
        id: ID!
        compound: Compound!
        name: String!
      }
      type Compound @shareable {
        one: ID!
        two: ID!
        three: ID!
      }
    `,
    b: /* GraphQL */ `
      type Query {
        items: [Item!]!
      }
      type Item
        @key(fields: "id")
        @key(fields: "compound { one two }", resolvable: false)
        @key(fields: "compound { two three }") {
        id: ID!
        compound: Compound! @shareable
        name: String! @external
        nameInB(suffix: String = ""): String! @requires(fields: "name")
      }
      type Compound @shareable {
        one: ID!
        two: ID!
        three: ID!
      }
    `,
  },
  data: () => {
    const items = [1, 2].map((i) => ({
      __typename: 'Item',
      $id: `Item:${i}`,
      id: `i${i}`,
      compound: { __typename: 'Compound', $id: `Compound:${i}`, one: 'x', two: `b${i}`, three: `c${i}` },
      name: `Item ${i}`,
      nameInB: ({ suffix }: { suffix: string | null }) => `b: Item ${i}${suffix ?? ''}`,
    }));
    return { Query: { item: items[0], items }, records: items };
  },
  overrides: {
    'b.Item.nameInB': ({ rep, args }) => `b: ${String(rep['name'])}${(args['suffix'] as string | null) ?? ''}`,
  },
  values: {},
  stock: true,
};

answersRight('a non-resolvable key is never used', mashup, [
  {
    claim: 'after @requires',
    query: '{ items { nameInB } }',
    data: { items: [{ nameInB: 'b: Item 1' }, { nameInB: 'b: Item 2' }] },
  },
  { claim: 'with parts of it asked', query: '{ items { compound { one } nameInB } }' },
  {
    claim: 'with aliases over its parts',
    query: '{ items { compound { one: three three: one two: two } id: nameInB(suffix: "!") } }',
  },
  { claim: 'from the other subgraph', query: '{ item { name nameInB(suffix: null) other: nameInB(suffix: "x") } }' },
  {
    claim: 'with a variable and a fragment',
    query: 'query($s: String) { items { ...F compound { two } } } fragment F on Item { nameInB(suffix: $s) }',
    variables: { s: '?' },
  },
]);

answersRight('keys that lead from subgraph to subgraph', chain, [
  { claim: 'id to a nested key', query: '{ orders(first: 4) { status history total } }' },
  { claim: 'a nested key to id', query: '{ open { placedAt lines { count order { status } } note(length: 2) } }' },
  {
    claim: 'through a stub of each kind',
    query: '{ orders { customer { name label } handler { name label audits { at customer { code } } } } }',
  },
  {
    claim: 'around in a circle',
    query: '{ customer { orders(first: 2) { customer { orders { status } } handler { orders { total } } } } }',
  },
  {
    claim: 'nested lists of objects that lead back',
    query: '{ orders { lines { note order { lines { order { weight } } } } } }',
  },
  {
    claim: '@requires that reads an inaccessible field',
    query: '{ customer(id: "c3") { label } second: customer(id: "c2") { label name } }',
  },
]);

answersRight('several keys of one entity', shop, [
  {
    claim: 'each subgraph gets the key it knows',
    query: '{ products(first: 5) { inStock averageStars reviews { author { name { first } } } } }',
  },
  {
    claim: 'from the second key to the first',
    query: '{ latestReviews(first: 8) { product { inStock name brand { name } warehouses { city } } } }',
  },
  {
    claim: 'an entity that is not there',
    query: '{ users(ids: ["u9", "u1"]) { reviews { id } } product(upc: "p9") { inStock } }',
  },
  {
    claim: 'duplicates in one list',
    query: '{ users(ids: ["u2", "u2", "u9", "u2"]) { id reviews { id } signature } }',
  },
]);

describe('@override', () => {
  const subgraphs = {
    old: {
      typeDefs: /* GraphQL */ `
        type Query {
          item: Item
        }
        type Item @key(fields: "id") {
          id: ID!
          moved: String
          percent: String
          labelled: String
        }
      `,
      resolvers: {
        Query: { item: () => ({ id: '1' }) },
        Item: { moved: () => 'old', percent: () => 'old', labelled: () => 'old' },
      },
    },
    fresh: {
      typeDefs: /* GraphQL */ `
        type Item @key(fields: "id") {
          id: ID!
          moved: String @override(from: "old")
          percent: String @override(from: "old", label: "percent(100)")
          never: String @shareable
          labelled: String @override(from: "old", label: "new_shelf")
        }
      `,
      resolvers: {
        Item: {
          __resolveReference: (reference: object) => ({ ...reference }),
          moved: () => 'new',
          percent: () => 'new',
          labelled: () => 'new',
        },
      },
    },
  };

  it.each([
    { claim: 'a plain one always moves the field', field: 'moved', labels: [], from: 'new' },
    { claim: 'percent(100) always moves it', field: 'percent', labels: [], from: 'new' },
    { claim: 'a label that is off leaves it', field: 'labelled', labels: [], from: 'old' },
    { claim: 'a label that is on moves it', field: 'labelled', labels: ['new_shelf'], from: 'new' },
    { claim: 'another label leaves it', field: 'labelled', labels: ['other'], from: 'old' },
  ])('$claim', async ({ field, labels, from }) => {
    const gateway = createTestGateway({ subgraphs, overrideLabels: labels });
    const { data, errors } = await gateway.execute(`{ item { value: ${field} } }`);
    expect({ data, errors }).toEqual({ data: { item: { value: from } }, errors: [] });
    await gateway.close();
  });
});
