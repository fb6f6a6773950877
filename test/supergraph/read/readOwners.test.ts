import { describe, expect, test } from 'vitest';

import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../../support/compose.js';

const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@override", "@provides", "@inaccessible"])';

describe('who can be asked for a field, and by which key', () => {
  const { owners } = readSupergraph(
    composeSdl({
      catalog: `${FEDERATION}
        type Query { product: Product named: Named }
        interface Named { name: String }
        type Product implements Named @key(fields: "upc") @key(fields: "maker { id } name") {
          upc: ID! name: String @shareable maker: Maker weight: Int moved: Int rolled: Int hidden: Int @inaccessible
        }
        type Maker { id: ID! }`,
      prices: `${FEDERATION}
        type Product @key(fields: "upc") {
          upc: ID! name: String @shareable price: Int weight: Int @external shipping: Int @requires(fields: "weight")
          moved: Int @override(from: "catalog") rolled: Int @override(from: "catalog", label: "percent(5)")
        }`,
      lists: `${FEDERATION}
        type Query { wished: [Product] }
        type Product @key(fields: "upc", resolvable: false) { upc: ID! }`,
    }),
  );
  const product = owners.get('Product')!;

  test('keys are those that resolve, of each subgraph', () => {
    expect(product.keys).toEqual([
      ['catalog', 'upc'],
      ['catalog', 'maker { id } name'],
      ['prices', 'upc'],
    ]);
    expect(owners.get('Maker')!.keys).toEqual([]);
  });

  test.each([
    ['price', ['prices']],
    ['name', ['catalog', 'prices']],
    // Declared there for @requires only.
    ['weight', ['catalog']],
    // Needs what others bring: nobody can be asked for it without a plan.
    ['shipping', []],
    ['moved', ['prices']],
    // A label decides who answers.
    ['rolled', []],
    ['hidden', ['catalog']],
    ['upc', ['catalog', 'lists', 'prices']],
  ])('%s: %j', (field, expected) => {
    expect([...product.fields[field]!].sort()).toEqual(expected);
  });

  test('a type of one subgraph has all its fields there; interfaces and root types are known too', () => {
    expect(owners.get('Maker')!.fields).toEqual({ id: ['catalog'] });
    expect(owners.get('Named')).toEqual({ keys: [], fields: { name: ['catalog'] } });
    expect(owners.get('Query')!.fields).toEqual({ product: ['catalog'], named: ['catalog'], wished: ['lists'] });
  });

  test('names of types and fields are never looked up among what objects inherit', () => {
    expect(owners.get('constructor')).toBeUndefined();
    expect(product.fields['constructor']).toBeUndefined();
  });
});
