import { execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { answer, answerCounter } from '../../bench/subgraphs/answer.js';
import { schemas } from '../../bench/subgraphs/resolvers.js';
import type { SubgraphName } from '../../bench/subgraphs/schemas.js';

interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

async function canned(subgraph: SubgraphName, request: Request): Promise<unknown> {
  return JSON.parse((await answer(subgraph, JSON.stringify(request))).toString());
}

async function computed(subgraph: SubgraphName, { query, variables }: Request): Promise<unknown> {
  const result = await execute({
    schema: schemas[subgraph],
    document: parse(query),
    variableValues: variables ?? null,
  });
  return JSON.parse(JSON.stringify(result));
}

const user = (id: string) => ({ __typename: 'User', id });

const requests: Record<string, [SubgraphName, Request]> = {
  'a never-repeating user': [
    'accounts',
    { query: 'query($id: ID!) { me: user(id: $id) { id name username } }', variables: { id: 'u12345678' } },
  ],
  'several ids in any order, repeated, beside listed ones': [
    'accounts',
    {
      query: 'query($r: [_Any!]!) { _entities(representations: $r) { ... on User { name key: id } } }',
      variables: { r: ['u00000001', '2', 'u99999999', 'u00000000', 'u99999999', 'nobody'].map(user) },
    },
  ],
  'grouped entities under aliases': [
    'reviews',
    {
      query: `query($a: [_Any!]!, $b: [_Any!]!) {
        a: _entities(representations: $a) { ... on User { reviews { id author { username } } } }
        b: _entities(representations: $b) { ... on Product { reviews { body } } }
      }`,
      variables: { a: [user('u00000007')], b: [{ __typename: 'Product', upc: '4' }] },
    },
  ],
  'required fields': [
    'inventory',
    {
      query: 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Product { shippingEstimate inStock } } }',
      variables: { r: [{ __typename: 'Product', upc: '1', price: 899, weight: 101 }] },
    },
  ],
};

describe('the benchmark subgraphs', () => {
  for (const [title, [subgraph, request]] of Object.entries(requests)) {
    it(`answer what graphql-js answers: ${title}`, async () => {
      const expected = await computed(subgraph, request);
      expect(await canned(subgraph, request)).toEqual(expected);
      expect(await canned(subgraph, request), 'from memory').toEqual(expected);
    });
  }

  it('compute one answer for all never-repeating ids', async () => {
    const query = 'query Once($id: ID!) { user(id: $id) { id name } }';
    await canned('accounts', { query, variables: { id: 'u55555555' } });
    const before = answerCounter.computed;
    const answered = await canned('accounts', { query, variables: { id: 'u66666666' } });
    expect(answered).toEqual({ data: { user: { id: 'u66666666', name: 'User u66666666' } } });
    expect(answerCounter.computed).toBe(before);
  });

  it('answer an invalid operation with errors', async () => {
    expect(await canned('products', { query: '{ nothing }' })).toMatchObject({ errors: [{}] });
  });
});
