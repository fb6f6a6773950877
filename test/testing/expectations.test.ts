import { AssertionError } from 'node:assert';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import '../../src/testing/vitest.js';
import {
  assertBatched,
  assertErrorAt,
  assertFetched,
  assertFetchedTimes,
  assertNoErrors,
  assertNotFetched,
  assertPartial,
  assertPlan,
} from '../../src/testing/expectations/asserts.js';
import { createTestGateway } from '../../src/testing/createTestGateway.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';

const subgraphs = {
  shop: {
    typeDefs: `
      type Query { top(first: Int = 2): [Product!]! }
      type Mutation { touch: Int }
      type Product @key(fields: "id") { id: ID! name: String! }
    `,
    resolvers: {
      Query: { top: () => [{ id: '1', name: 'Cup' }, { id: '2', name: 'Pot' }] }, // prettier-ignore
      Mutation: { touch: () => 1 },
    },
  },
  reviews: {
    typeDefs: 'type Product @key(fields: "id") { id: ID! stars: Int }',
    resolvers: { Product: { __resolveReference: ({ id }: { id: string }) => ({ id, stars: Number(id) }) } },
  },
};
let gateway: TestGateway;
beforeAll(async () => {
  const settings = { headers: { all: { request: [{ propagate: { named: 'x-user' } }] } } };
  gateway = await createTestGateway({ subgraphs, settings });
});
beforeEach(() => gateway.reset());
afterAll(() => gateway.close());

const QUERY = 'query Top($first: Int) { top(first: $first) { name stars } }';
const ask = () => gateway.execute({ query: QUERY, variables: { first: 3 }, headers: { 'x-user': 'ada' } });

/** What a failing expectation says. */
function failure(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it held');
}

describe('matchers', () => {
  it('find a call by its subgraph and by what it is like', async () => {
    await ask();
    expect(gateway).toHaveFetched();
    expect(gateway).toHaveFetched('shop', {
      operationName: 'Top__shop__0',
      kind: 'query',
      fields: ['top', 'name'],
      variables: { first: 3 },
      headers: { 'X-User': 'ada', 'x-request-id': /./ },
    });
    expect(gateway).toHaveFetched({ representations: [{ id: '2' }, { __typename: expect.any(String) }] });
    expect(gateway).toHaveFetched('shop', { operation: /top\(first: \$first\)/ });
    expect(gateway.subgraph('shop')).toHaveFetched({ operation: gateway.calls[0]!.query.replaceAll(' ', '\n') });
    expect(gateway.lastRequest).toHaveFetchedTimes(2);
    expect(gateway).toHaveFetchedTimes(1, 'reviews', { fields: ['stars'] });
  });

  it.each([
    { subgraph: 'shop', pattern: { variables: { first: 4 } } },
    { subgraph: 'shop', pattern: { fields: ['stars'] } },
    { subgraph: 'shop', pattern: { kind: 'mutation' } },
    { subgraph: 'shop', pattern: { headers: { 'x-user': 'eve' } } },
    { subgraph: 'shop', pattern: { headers: { authorization: /./ } } },
    { subgraph: 'shop', pattern: { operationName: /reviews/ } },
    { subgraph: 'shop', pattern: { operation: '{ top { name } }' } },
    { subgraph: 'reviews', pattern: { representations: [{ id: '3' }] } },
  ] as const)('tell it from others: $subgraph $pattern', async ({ subgraph, pattern }) => {
    await ask();
    expect(gateway).not.toHaveFetched(subgraph, pattern);
  });

  it('see batches', async () => {
    await ask();
    expect(gateway).toHaveBeenBatched('reviews');
    expect(gateway).not.toHaveBeenBatched('shop');
    await gateway.execute('{ top { stars } }');
    // Two requests, two calls: not one batch.
    expect(gateway).not.toHaveBeenBatched('reviews');
    expect(gateway.lastRequest).toHaveBeenBatched('reviews');
  });

  it('judge answers', async () => {
    expect(await ask()).toHaveNoErrors();
    gateway.subgraph('reviews').failNext();
    const answer = await gateway.execute('{ top { name stars } }');
    expect(answer).toBePartial();
    expect(answer).toHaveErrorAt('top.0.stars', 'SUBREQUEST_HTTP_ERROR');
    expect(answer).toHaveErrorAt(['top', 0, 'stars']);
    expect(answer).not.toHaveErrorAt('top.0.stars', 'OTHER');
    expect(answer).not.toHaveErrorAt('top.1');
    expect(answer).not.toHaveNoErrors();
  });

  it('compare plans without regard to layout', async () => {
    const plan = await gateway.plan('{ top { name } }');
    expect(plan).toMatchPlan(`
      QueryPlan { Fetch(service: "shop") { { top { name } } }, }
    `);
    expect(plan).not.toMatchPlan('QueryPlan { }');
    expect(plan).toMatchInlineSnapshot(`
      "QueryPlan {
        Fetch(service: "shop") {
          {
            top {
              name
            }
          }
        },
      }"
    `);
  });

  it('say how many calls there are', async () => {
    await ask();
    expect(failure(() => expect(gateway).toHaveFetchedTimes(5))).toMatch(/^2 calls, not 5\.\n/);
    const pattern = { fields: ['stars'] };
    expect(failure(() => expect(gateway).toHaveFetchedTimes(0, 'reviews', pattern))).toMatch(
      /^1 calls to reviews like \{"fields":\["stars"\]\}, not 0\.\n/,
    );
  });

  it('show request, plan, calls and causes when they fail', async () => {
    gateway.subgraph('reviews').failNext();
    const answer = await ask();
    const said = failure(() => expect(answer).toHaveNoErrors());
    expect(said).toContain('SUBREQUEST_HTTP_ERROR at top.0.stars');
    expect(said).toContain('Fetch(service: "reviews")');
    expect(said).toContain('2. reviews: query, failed after');
    expect(said).toContain('{"representations":[{"__typename":"Product","id":"1"}');
    expect(said).toMatch(/The log would say:\n {2}SUBREQUEST_HTTP_ERROR: reviews \(http:\/\/reviews.invalid\): reset/);
    expect(failure(() => expect(gateway).toHaveFetched('shop', { fields: ['price'] }))).toMatch(
      /^No call goes to shop and is like \{"fields":\["price"\]\}\.\n\nRequest:[^]+QueryPlan \{[^]+Calls:/,
    );
    expect(failure(() => expect(gateway).not.toHaveFetched('shop'))).toMatch(/^1 of the calls goes to shop\./);
  });

  it('show the plan also where it was made for an earlier request', async () => {
    await ask();
    await ask();
    expect(gateway.requests.map(({ plan }) => plan?.includes('Fetch(service: "shop")'))).toEqual([true, true]);
  });
});

describe('asserts', () => {
  it('say the same', async () => {
    const answer = await ask();
    assertFetched(gateway, 'shop', { variables: { first: 3 } });
    assertNotFetched(gateway, 'shop', { kind: 'mutation' });
    assertFetchedTimes(gateway, 1, 'reviews');
    assertBatched(gateway, 'reviews');
    assertNoErrors(answer);
    assertPlan('a\n  b', 'a b');
    for (const broken of [
      () => assertFetched(gateway.lastRequest, 'none'),
      () => assertNotFetched(gateway),
      () => assertFetchedTimes(gateway, 3),
      () => assertBatched(gateway, 'shop'),
      () => assertErrorAt(answer, 'top'),
      () => assertPartial(answer),
      () => assertPlan('a', 'b'),
    ]) {
      expect(broken).toThrow(AssertionError);
    }
  });
});
