import { describe, expect, it } from 'vitest';

import { createMocks } from '../../src/mocks/createMocks.js';
import type { MockWorldOptions } from '../../src/mocks/createMocks.js';
import { mockSubgraph } from '../../src/mocks/mockSubgraph.js';
import type { MockSubgraphOptions } from '../../src/mocks/mockSubgraph.js';

const products = /* GraphQL */ `
  type Query {
    topProducts(first: Int): [Product!]!
    product(upc: ID, id: Int): Product
    products(upcs: [ID!]!): [Product!]!
    weather(city: String!): Weather!
    search: [Hit!]!
  }
  type Product @key(fields: "upc") @key(fields: "id") {
    upc: ID!
    id: Int!
    name: String!
    price: Float
    made: DateTime!
    colour: Colour!
  }
  type Weather {
    city: String!
    degrees: Float!
  }
  union Hit = Product | Weather
  enum Colour {
    RED
    BLUE
  }
  scalar DateTime
`;
const reviews = /* GraphQL */ `
  type Query {
    reviews: [Review!]!
  }
  type Mutation {
    createReview(productUpc: ID!, body: String!): Review!
    updateReview(id: ID!, body: String!): Review!
    deleteReview(id: ID!): Boolean!
  }
  type Product @key(fields: "upc") {
    upc: ID!
    name: String! @external
    price: Float @external
    label: String! @requires(fields: "price")
    reviews(first: Int): [Review!]!
  }
  type Review @key(fields: "id") {
    id: ID!
    body: String!
    product: Product! @provides(fields: "name")
    author: User!
  }
  type User @key(fields: "id") {
    id: ID!
    reviews: [Review!]!
  }
  enum Colour {
    RED
  }
`;

interface Extra {
  readonly products?: Partial<MockSubgraphOptions>;
  readonly reviews?: Partial<MockSubgraphOptions>;
  readonly world?: MockWorldOptions;
}

function world(extra: Extra = {}) {
  const mocks = createMocks(
    new Map([
      ['products', mockSubgraph({ typeDefs: products, ...extra.products })],
      ['reviews', mockSubgraph({ typeDefs: reviews, ...extra.reviews })],
    ]),
    extra.world,
  );
  return async (subgraph: string, query: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await mocks.get(subgraph)!.answer({ query, variables, headers: { 'x-user': 'ada' } });
    expect(errors).toBeUndefined();
    // oxlint-disable-next-line typescript/no-explicit-any -- tests know what they asked for
    return data as any;
  };
}

const entities = (fields: string): string =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { ${fields} } } }`;
const reps = (...representations: object[]) => ({
  representations: representations.map((one) => ({ __typename: 'Product', ...one })),
});

describe('a world of mocks', () => {
  it('gives the same object for the same key, by each of its keys and in each subgraph', async () => {
    const ask = world();
    const { topProducts } = await ask('products', '{ topProducts(first: 2) { upc id name colour } }');
    expect(topProducts).toHaveLength(2);
    const byKeys = await ask(
      'products',
      entities('upc id name colour'),
      reps({ upc: topProducts[1].upc }, { id: topProducts[1].id }),
    );
    expect(byKeys._entities).toEqual([topProducts[1], topProducts[1]]);
    const { _entities } = await ask(
      'reviews',
      entities('reviews { product { upc name } }'),
      reps({ upc: topProducts[1].upc }),
    );
    const { upc, name } = topProducts[1];
    for (const review of _entities[0].reviews) expect(review.product).toEqual({ upc, name });
  });

  it('finds by arguments: a key, several keys, a key nobody has made up here', async () => {
    const ask = world();
    const {
      product,
      other,
      products: some,
    } = await ask(
      'products',
      '{ product(upc: "abc") { upc id name } other: product(id: 4) { upc id } products(upcs: ["3", "abc"]) { upc id } }',
    );
    expect(product.upc).toBe('abc');
    expect(other).toEqual({ upc: '4', id: 4 });
    expect(some).toEqual([
      { upc: '3', id: 3 },
      { upc: 'abc', id: product.id },
    ]);
    const back = await ask('products', entities('upc name'), reps({ id: product.id }));
    expect(back._entities).toEqual([{ upc: 'abc', name: product.name }]);
  });

  it('has references that lead back: reviews of a product are about it', async () => {
    const { reviews: list } = await world()(
      'reviews',
      '{ reviews { id product { reviews { id } } author { reviews { id } } } }',
    );
    for (const { id, product, author } of list) {
      expect(product.reviews).toContainEqual({ id });
      expect(author.reviews).toContainEqual({ id });
    }
  });

  it('answers by the seed and not by what was asked before', async () => {
    const query = '{ topProducts { upc name price made } search { __typename } }';
    const [one, two] = [world(), world()];
    await two('products', '{ product(upc: "x") { name } topProducts(first: 1) { price } }');
    expect(await two('products', query)).toEqual(await one('products', query));
    expect(await world({ world: { seed: 2 } })('products', query)).not.toEqual(await one('products', query));
  });

  it('echoes arguments, counts by them, and uses only values that all subgraphs know', async () => {
    const ask = world({ world: { listLength: [4, 4] } });
    const { weather, all } = await ask(
      'products',
      '{ weather(city: "Oslo") { city degrees } all: topProducts { colour made } }',
    );
    expect(weather.city).toBe('Oslo');
    expect(all).toHaveLength(4);
    expect(new Set(all.map(({ colour }: { colour: string }) => colour))).toEqual(new Set(['RED']));
    for (const { made } of all) expect(Number.isNaN(Date.parse(made))).toBe(false);
  });

  it('has nulls only when asked, and only where all subgraphs allow them', async () => {
    const { topProducts } = await world({ world: { nulls: 1 } })('products', '{ topProducts { name price } }');
    for (const one of topProducts) expect(one).toEqual({ name: expect.any(String) as string, price: null });
  });

  it('gives a field with @requires its inputs: to a function, and to the made-up value', async () => {
    const plain = world();
    const [cheap, dear] = [reps({ upc: '1', price: 1 }), reps({ upc: '1', price: 900 })];
    const label = async (ask: typeof plain, representations: object) =>
      (await ask('reviews', entities('label'), representations as Record<string, unknown>))._entities[0]
        .label as string;
    expect(await label(plain, cheap)).toBe(await label(world(), cheap));
    expect(await label(plain, cheap)).not.toBe(await label(plain, dear));
    const told = world({
      reviews: {
        mocks: {
          Product: {
            label: (product: { name: string; price: number }) => `${product.name.length > 0} ${product.price}`,
          },
        },
      },
    });
    expect(await label(told, dear)).toBe('true 900');
  });

  it('takes values, functions, partial objects and @mock, for all subgraphs that have the field', async () => {
    const typeDefs = products.replace('price: Float', 'price: Float @mock(value: 9.5)');
    const ask = world({
      products: {
        typeDefs,
        mocks: {
          Product: { name: (product: { upc: string }) => `Chair ${product.upc}` },
          Query: { search: [{ __typename: 'Weather', city: 'Rome' }, {}] },
          DateTime: '2026-01-01T00:00:00Z',
        },
      },
    });
    const { topProducts, search } = await ask(
      'products',
      '{ topProducts(first: 1) { upc name price made } search { ... on Weather { city degrees } } }',
    );
    expect(topProducts).toEqual([{ upc: '1', name: 'Chair 1', price: 9.5, made: '2026-01-01T00:00:00Z' }]);
    expect(search[0]).toEqual({ city: 'Rome', degrees: expect.any(Number) as number });
    const { reviews: list } = await ask('reviews', '{ reviews { product { upc name } } }');
    for (const { product } of list) expect(product.name).toBe(`Chair ${product.upc}`);
    const { _service } = await ask('products', '{ _service { sdl } }');
    expect(_service.sdl).not.toContain('@mock');
  });

  it('lets resolvers answer in part', async () => {
    const ask = world({
      products: {
        resolvers: {
          Query: { product: (_: unknown, { upc }: { upc: string }) => (upc === '0' ? null : { upc, name: 'Real' }) },
          Product: {
            __resolveReference: ({ upc }: { upc: string }) => (upc === '0' ? null : undefined),
            price: (_: unknown, _args: unknown, { headers }: { headers: Record<string, string> }) =>
              headers['x-user']!.length,
          },
        },
      },
    });
    const { product, none } = await ask(
      'products',
      '{ product(upc: "5") { upc id name price } none: product(upc: "0") { upc } }',
    );
    expect([product, none]).toEqual([{ upc: '5', id: 5, name: 'Real', price: 3 }, null]);
    const { _entities } = await ask('products', entities('upc price'), reps({ upc: '0' }, { upc: '2' }));
    expect(_entities).toEqual([null, { upc: '2', price: 3 }]);
  });

  it('says which mock or resolver belongs to nothing', () => {
    expect(() => world({ products: { mocks: { Produkt: {} } } })).toThrow(
      'subgraph "products": there is no type "Produkt"',
    );
    expect(() => world({ products: { resolvers: { Product: { nam: () => 1 } } } })).toThrow('has no field "nam"');
    expect(() => world({ products: { typeDefs: 'type Query { a: Nobody }' } })).toThrow('Unknown type: "Nobody"');
  });
});

describe('mutations', () => {
  const create = 'mutation { createReview(productUpc: "2", body: "good") { id body product { upc } } }';

  it('answer plausibly and change nothing without a store', async () => {
    const ask = world();
    const before = await ask('reviews', '{ reviews { id body } }');
    const { createReview } = await ask('reviews', create);
    expect(createReview).toMatchObject({ body: 'good', product: { upc: '2' } });
    await ask('reviews', 'mutation { updateReview(id: "1", body: "new") { id } deleteReview(id: "2") }');
    expect(await ask('reviews', '{ reviews { id body } }')).toEqual(before);
  });

  it('are seen by later queries with a store', async () => {
    const ask = world({ reviews: { store: { Review: [{ id: 'r1', body: 'first', product: { upc: '2' } }] } } });
    const { createReview } = await ask('reviews', create);
    const mine = await ask('reviews', entities('reviews(first: 2) { id body }'), reps({ upc: '2' }));
    expect(mine._entities[0].reviews).toEqual([
      { id: createReview.id, body: 'good' },
      { id: 'r1', body: 'first' },
    ]);
    await ask('reviews', 'mutation { updateReview(id: "r1", body: "new") { id } deleteReview(id: "1") }');
    const { reviews: list } = await ask('reviews', '{ reviews { id body } }');
    expect(list.slice(0, 2)).toEqual([
      { id: createReview.id, body: 'good' },
      { id: 'r1', body: 'new' },
    ]);
    expect(list.map(({ id }: { id: string }) => id)).not.toContain('1');
  });
});
