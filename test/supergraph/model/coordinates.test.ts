import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';

import { unknownCoordinate, unmatchedPattern } from '../../../src/supergraph/model/coordinates.js';

const schema = buildSchema(`
  type Query { search(text: String): [Found] }
  interface Node { id: ID! }
  type Product implements Node { id: ID! price: Int }
  union Found = Product
  input Filter { text: String }
  enum Size { S }
`);

describe('a coordinate', () => {
  it.each(['Query', 'Product.price', 'Node.id', 'Found', 'Filter', 'Size', 'String'])(
    '%s is in the graph',
    (coordinate) => {
      expect(unknownCoordinate(schema, coordinate)).toBeUndefined();
    },
  );

  it.each([
    ['Prodct', 'there is no type Prodct (did you mean Product?)'],
    ['Prodct.price', 'there is no type Prodct (did you mean Product.price?)'],
    ['Product.prise', 'Product has no field prise (did you mean Product.price?)'],
    ['Product.constructor', 'Product has no field constructor'],
    ['Size.S', 'Size has no fields'],
    ['__Type.name', 'there is no type __Type'],
    ['constructor.price', 'there is no type constructor'],
    ['Query.search.text', 'a field is written as Type.field'],
    ['Product.*', 'Product has no field *'],
    ['*.price', 'there is no type *'],
  ])('%s names nothing: %s', (coordinate, why) => {
    expect(unknownCoordinate(schema, coordinate)).toBe(`names nothing in the graph: ${why}`);
  });
});

describe('a pattern', () => {
  it.each(['*.*', '*.price', 'Product.*', 'Node.*', 'Query.search'])('%s means something', (pattern) => {
    expect(unmatchedPattern(schema, pattern)).toBeUndefined();
  });

  it.each([
    ['*.prise', 'no type has a field prise (did you mean *.price?)'],
    ['*.constructor', 'no type has a field constructor'],
    ['Quary.*', 'there is no type Quary (did you mean Query.*?)'],
    ['Size.*', 'Size has no fields'],
    ['Filter.text', 'Filter has no fields'],
    ['__Type.*', 'there is no type __Type'],
    ['Product.prise', 'Product has no field prise (did you mean Product.price?)'],
  ])('%s means nothing: %s', (pattern, why) => {
    expect(unmatchedPattern(schema, pattern)).toBe(`names nothing in the graph: ${why}`);
  });
});
