import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { createInlineApolloPlanner } from '../../../src/engine/plan/apollo/createInlineApolloPlanner.js';
import type { Plan } from '../../../src/engine/plan/nodes.js';
import { printPlan } from '../../../src/engine/plan/printPlan.js';
import { composeSdl } from '../../support/compose.js';

const forever = new Lifetime(Infinity);

function plan(subgraphs: Record<string, string>, text: string, labels: string[] = []): Promise<Plan> {
  return createInlineApolloPlanner({ supergraphSdl: composeSdl(subgraphs) }).plan({ text, labels }, forever);
}

describe('guard req: @requires with arguments', () => {
  const shop = {
    products: `
      type Query { products: [Product] }
      type Product @key(fields: "upc") { upc: ID! name: String price(currency: String): Int dims: Dims }
      type Dims { size(unit: String): Int }
    `,
    stock: `
      type Product @key(fields: "upc") {
        upc: ID!
        price(currency: String): Int @external
        dims: Dims @external
        plain: Int
        usd: Int @requires(fields: "price(currency: \\"USD\\")")
        eur: Int @requires(fields: "price(currency: \\"EUR\\")")
        box(x: Int): Int @requires(fields: "price(currency: \\"USD\\") dims { size(unit: \\"cm\\") }")
        inch: Int @requires(fields: "dims { size(unit: \\"in\\") }")
      }
      type Dims { size(unit: String): Int @external }
    `,
  };

  it("reads the required value under a name of its own, beside the client's own price", async () => {
    expect(printPlan(await plan(shop, '{ products { usd price } }'))).toMatchSnapshot();
  });

  it('splits an entity fetch in which two fields require different prices', async () => {
    expect(printPlan(await plan(shop, '{ products { usd eur plain } }'))).toMatchSnapshot();
  });

  it('splits on arguments deep in a selection, and each part declares only the variables it uses', async () => {
    const text = 'query Q($x: Int) { products { box(x: $x) inch usd eur } }';
    expect(printPlan(await plan(shop, text))).toMatchSnapshot();
  });

  it('does not split fields that require the same arguments', async () => {
    const printed = printPlan(await plan(shop, '{ products { usd box(x: 1) } }'));
    expect(printed.match(/service: "stock"/g)).toHaveLength(1);
  });

  it('keeps a split that a deferred part waits for in one line of dependencies', async () => {
    const text = '{ products { usd eur ... @defer { name inch } } }';
    const result = await plan(shop, text);
    expect(printPlan(result)).toMatchSnapshot();
  });

  it('chains: a required field with arguments that has @requires of its own', async () => {
    const chained = {
      a: 'type Query { t: T } type T @key(fields: "id") { id: ID! base(n: Int): Int }',
      b: `type T @key(fields: "id") { id: ID! base(n: Int): Int @external
            scaled(by: Int): Int @requires(fields: "base(n: 1)") }`,
      c: `type T @key(fields: "id") { id: ID! scaled(by: Int): Int @external
            two: Int @requires(fields: "scaled(by: 2)") three: Int @requires(fields: "scaled(by: 3)") }`,
    };
    expect(printPlan(await plan(chained, '{ t { two three } }'))).toMatchSnapshot();
  });

  it('covers a selection on an interface, for every implementation', async () => {
    const media = {
      a: `type Query { shelf: Shelf }
          type Shelf @key(fields: "id") { id: ID! item: Media }
          interface Media { title(lang: String): String }
          type Book implements Media { title(lang: String): String pages: Int }
          type Film implements Media { title(lang: String): String }`,
      b: `type Shelf @key(fields: "id") { id: ID! item: Media @external
            de: String @requires(fields: "item { title(lang: \\"de\\") }")
            fr: String @requires(fields: "item { title(lang: \\"fr\\") ... on Book { pages } }") }
          interface Media { title(lang: String): String }
          type Book implements Media { title(lang: String): String @external pages: Int @external }
          type Film implements Media { title(lang: String): String @external }`,
    };
    const printed = printPlan(await plan(media, '{ shelf { de fr } }'));
    expect(printed).toMatchSnapshot();
  });

  it('avoids names that the schema has', async () => {
    const printed = printPlan(
      await plan(
        {
          a: 'type Query { t: T } type T @key(fields: "id") { id: ID! price(c: Int): Int req0_price: Int }',
          b: 'type T @key(fields: "id") { id: ID! price(c: Int): Int @external x: Int @requires(fields: "price(c: 1)") }',
        },
        '{ t { x req0_price } }',
      ),
    );
    expect(printed).toContain('req_0_price: price(c: 1)');
    expect(printed).toContain('req0_price');
  });
});

describe('guard deferred: @requires below @defer', () => {
  it('keeps a fetch that waits for a deferred one in the deferred part', async () => {
    const twins = {
      a: 'type Query { t: T } type T @key(fields: "id") { id: ID! one: Int }',
      b: `type T @key(fields: "id") { id: ID! one: Int @external two: Int @requires(fields: "one") twin: T }`,
    };
    const text = '{ t { ... @defer(label: "late") { one twin { two ... @defer(label: "later") { one } } } } }';
    expect(printPlan(await plan(twins, text))).toMatchSnapshot();
  });
});

describe('guard keys: non-resolvable keys', () => {
  it('are not used to enter a subgraph again after @requires', async () => {
    const mashup = {
      a: `type Query { a: A } type A @key(fields: "id") @key(fields: "compositeId { two three }") { id: ID! compositeId: CompositeId! @shareable name: String! }
          type CompositeId { two: ID! @shareable three: ID! @shareable }`,
      b: `type Query { b: B }
          type B @key(fields: "id") { id: ID! a: [A!]! }
          type A @key(fields: "id", resolvable: false) @key(fields: "compositeId { two three }") {
            id: ID! compositeId: CompositeId! @shareable name: String! @external nameInB: String! @requires(fields: "name") }
          type CompositeId { two: ID! @shareable three: ID! @shareable }`,
    };
    expect(printPlan(await plan(mashup, '{ b { a { nameInB } } }'))).toMatchSnapshot();
  });

  it('are kept where a graph has no other key', async () => {
    const printed = printPlan(
      await plan(
        {
          a: 'type Query { user: User } type User @key(fields: "id", resolvable: false) { id: ID! }',
          b: 'type User @key(fields: "id") { id: ID! name: String }',
        },
        '{ user { name } }',
      ),
    );
    expect(printed).toContain('... on User {\n            __typename\n            id');
  });
});

describe('guard empty: what no fetch brings', () => {
  const hollow = {
    a: `type Query { product: Product a: Node }
        type Product @key(fields: "id") { id: ID! }
        interface Node @key(fields: "id", resolvable: false) { id: ID! }`,
    b: `type Query { b: Node }
        type Node @key(fields: "id") @interfaceObject { id: ID! field: String }
        type Product @key(fields: "id") { id: ID! }`,
  };

  it('is listed for a root field', async () => {
    expect((await plan(hollow, '{ a { field } }')).unplanned).toEqual(['a']);
    expect((await plan(hollow, '{ product { id } x: a { field } }')).unplanned).toEqual(['x']);
  });

  it('is listed below an object whose type has no possible object type', async () => {
    expect((await plan(hollow, '{ a { id field } }')).unplanned).toEqual(['a.field']);
  });

  it('is not what conditions leave out, introspection or __typename', async () => {
    const text =
      'query ($no: Boolean!) { __typename product @skip(if: true) { id } b @include(if: $no) { field } ... @skip(if: $no) { x: b { id } } }';
    expect((await plan(hollow, text)).unplanned).toEqual([]);
    const empty = await plan(hollow, '{ __typename }');
    expect(empty).toEqual({ node: undefined, unplanned: [] });
  });

  it('is not a union member that no subgraph can return', async () => {
    const unions = {
      a: 'type Query { u: U @shareable } union U = A | C type A { a: String } type C { c: String @shareable }',
      b: 'type Query { u: U @shareable } union U = B | C type B { b: String } type C { c: String @shareable }',
    };
    expect((await plan(unions, '{ u { __typename ... on A { a } ... on B { b } ... on C { c } } }')).unplanned).toEqual(
      [],
    );
  });
});
