import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { RunningSubgraphs, SubgraphName } from '../../subgraphs/startSubgraphs.js';
import { startSubgraphs } from '../../subgraphs/startSubgraphs.js';

let subgraphs: RunningSubgraphs;

beforeAll(async () => {
  subgraphs = await startSubgraphs({ port: 0 });
});

afterAll(() => subgraphs.close());

interface Answer {
  readonly data?: unknown;
  readonly errors?: ReadonlyArray<{ readonly message: string }>;
}

async function ask(name: SubgraphName, query: string, variables?: Record<string, unknown>): Promise<Answer> {
  const response = await fetch(subgraphs.urls[name], {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

const entities = (name: SubgraphName, representations: readonly object[], selection: string) =>
  ask(name, `query ($r: [_Any!]!) { _entities(representations: $r) { ${selection} } }`, { r: representations });

describe('accounts', () => {
  test('gives users a page at a time, by membership', async () => {
    const first = await ask(
      'accounts',
      '{ users(first: 2) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }',
    );
    expect(first).toEqual({
      data: {
        users: {
          nodes: [{ id: 'u1' }, { id: 'u2' }],
          totalCount: 36,
          pageInfo: { hasNextPage: true, endCursor: 'u2' },
        },
      },
    });
    const last = await ask('accounts', '{ users(first: 5, after: "u35") { nodes { id } pageInfo { hasNextPage } } }');
    expect(last).toEqual({ data: { users: { nodes: [{ id: 'u36' }], pageInfo: { hasNextPage: false } } } });
    const professionals = await ask(
      'accounts',
      '{ users(first: 100, membership: PRO) { nodes { membership } totalCount } }',
    );
    expect(professionals).toMatchObject({ data: { users: { totalCount: 9 } } });
  });

  test('resolves references, unknown ones to null', async () => {
    const representations = ['u3', 'u404'].map((id) => ({ __typename: 'User', id }));
    expect(await entities('accounts', representations, '... on User { username address { country } }')).toEqual({
      data: { _entities: [{ username: 'chiara', address: { country: 'IT' } }, null] },
    });
  });
});

describe('products', () => {
  test('has both keys of a product', async () => {
    const representations = [
      { __typename: 'Product', id: 'p1' },
      { __typename: 'Product', sku: 'AUD-1001' },
    ];
    const answer = await entities('products', representations, '... on Product { name price { cents currency } }');
    const headphones = { name: 'Open-back headphones', price: { cents: 18899, currency: 'EUR' } };
    expect(answer).toEqual({ data: { _entities: [headphones, headphones] } });
  });

  test('finds products and brands with one search', async () => {
    const answer = await ask('products', '{ search(text: "er", first: 100) { __typename } }');
    const names = (answer.data as { search: Array<{ __typename: string }> }).search.map(({ __typename }) => __typename);
    expect(new Set(names)).toEqual(new Set(['Product', 'Brand']));
  });

  test('gives at most a hundred rows, and none for a negative number', async () => {
    expect(await ask('products', '{ topProducts(first: -3) { id } }')).toEqual({ data: { topProducts: [] } });
    const answer = await ask('products', '{ topProducts(first: 2000000000) { id } }');
    expect((answer.data as { topProducts: unknown[] }).topProducts).toHaveLength(60);
  });
});

describe('reviews', () => {
  test('provides the username of an author', async () => {
    const answer = await ask('reviews', '{ review(id: "r301") { author { id username } product { id } rating } }');
    expect(answer).toEqual({
      data: { review: { author: { id: 'u7', username: 'greta' }, product: { id: 'p9' }, rating: 4 } },
    });
  });

  test('adds a review, which replaces the author’s earlier one, and takes it away again', async () => {
    const add = (rating: number) =>
      ask(
        'reviews',
        `mutation ($input: AddReviewInput!) {
          addReview(input: $input) { ... on ReviewAdded { review { id rating body } } ... on ReviewRejected { reason } }
        }`,
        { input: { productId: 'p60', authorId: 'u36', rating, title: 'Hangs well' } },
      );
    const count = async () =>
      entities('reviews', [{ __typename: 'Product', id: 'p60' }], '... on Product { reviewCount }');
    const before = await count();
    expect(await add(6)).toEqual({ data: { addReview: { reason: 'RATING_OUT_OF_RANGE' } } });
    expect(await add(2)).toMatchObject({ data: { addReview: { review: { rating: 2, body: '' } } } });
    const second = await add(5);
    expect(second).toEqual({ data: { addReview: { review: { id: 'r303', rating: 5, body: '' } } } });
    expect(await ask('reviews', 'mutation { deleteReview(id: "r303") }')).toEqual({ data: { deleteReview: true } });
    expect(await count()).toEqual(before);
  });

  test('mixes reviews and questions, newest first', async () => {
    const answer = await entities(
      'reviews',
      [{ __typename: 'Product', id: 'p1' }],
      '... on Product { contributions(first: 100) { __typename createdAt } }',
    );
    const [{ contributions }] = (
      answer.data as { _entities: [{ contributions: Array<{ __typename: string; createdAt: string }> }] }
    )._entities;
    const times = contributions.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(new Set(contributions.map(({ __typename }) => __typename))).toEqual(new Set(['Review', 'Question']));
  });
});

describe('inventory, a REST service', () => {
  const get = async (path: string): Promise<unknown> => (await fetch(`${subgraphs.urls.inventory}${path}`)).json();

  test('knows the stock of many products at once, in the order asked for', async () => {
    const response = await fetch(`${subgraphs.urls.inventory}/stock/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ productIds: ['p7', 'p1'] }),
    });
    expect(await response.json()).toMatchObject([
      { productId: 'p7', inStock: false, units: 0, levels: [] },
      { productId: 'p1', inStock: true },
    ]);
  });

  test('knows the warehouse of a country, and some or one by id', async () => {
    expect(await get('/warehouses/nearest?country=IT')).toMatchObject({ name: 'Lyon South' });
    expect(await get('/warehouses?ids=w3,w404')).toMatchObject([{ id: 'w3' }]);
    expect(await get('/warehouses/w1/stock?limit=2')).toHaveLength(2);
    const unknown = await fetch(`${subgraphs.urls.inventory}/warehouses/w404`);
    expect([unknown.status, await unknown.text()]).toEqual([404, '']);
  });
});

describe('shipping, a service that answers XML', () => {
  test.each([
    ['p1?price=5000&grams=1500&speed=STANDARD', '<amount>630</amount>'],
    ['p1?price=20000&grams=1500&speed=STANDARD', '<amount>0</amount>'],
    ['p1?price=5000&grams=1500&speed=EXPRESS', '<amount>1260</amount>'],
    ['p7?price=5000&grams=1500', ''],
  ])('estimates %s from price and weight', async (path, expected) => {
    const response = await fetch(`${subgraphs.urls.shipping}/rates/${path}`);
    const text = await response.text();
    expect([response.status, text.includes(expected)]).toEqual([expected === '' ? 204 : 200, true]);
  });
});

test('a document that does not fit the schema is refused', async () => {
  expect(await ask('accounts', '{ nothing }')).toMatchObject({ errors: [{ message: /Cannot query field/ }] });
});
