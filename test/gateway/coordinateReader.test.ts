import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';

import { coordinateReader } from '../../src/gateway/coordinateReader.js';
import { makeOperation } from '../support/subgraphCall.js';

const schema = buildSchema(`
  type Query { search(text: String): [Item] me: User }
  type Mutation { pay: User }
  interface Item { name: String }
  type Book implements Item { name: String author: User }
  type User { id: ID name: String }
`);
const read = coordinateReader(schema, new Map([['Item', new Set(['Book'])]]));

it.each([
  ['{ a: search(text: "x") { name } }', ['Book.name', 'Item.name', 'Query.search']],
  [
    '{ search { ... on Book { author { id } } ...F } } fragment F on User { name }',
    ['Book.author', 'Query.search', 'User.id', 'User.name'],
  ],
  [
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { name constructor { x } } } }',
    ['Query._entities', 'User.constructor', 'User.name'],
  ],
])('%s carries its fields by coordinate', (text, coordinates) => {
  expect([...read(makeOperation(text))].sort()).toEqual(coordinates);
});

it('a mutation begins at its own root', () => {
  expect([...read(makeOperation('mutation { pay { id } }', 'mutation'))]).toEqual(['Mutation.pay', 'User.id']);
});
