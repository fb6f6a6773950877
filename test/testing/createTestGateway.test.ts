import { afterEach, describe, expect, it } from 'vitest';

import { createTestGateway } from '../../src/testing/createTestGateway.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';
import { shelf } from '../support/graphs/shelf.js';

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

describe('createTestGateway', () => {
  it('answers over SDL and resolvers, and records what each subgraph was asked', async () => {
    gateway = await createTestGateway({
      subgraphs: shelf,
      settings: { headers: { all: { request: [{ propagate: { named: 'authorization' } }] } } },
    });
    const answer = await gateway.execute({
      query: 'query Q($word: String) { book { title stars } echo(word: $word) whoAmI }',
      variables: { word: 'hi' },
      headers: { Authorization: 'ada' },
    });
    expect(answer).toEqual({ data: { book: { title: 'Emma', stars: 5 }, echo: 'hi', whoAmI: 'ada' } });
    expect(gateway.calls.map(({ subgraph, variables }) => [subgraph, variables])).toEqual([
      ['books', { word: 'hi' }],
      ['reviews', { representations: [{ __typename: 'Book', id: '1' }] }],
    ]);
  });

  it('answers as in production: coded, masked and located errors', async () => {
    gateway = await createTestGateway({
      subgraphs: {
        a: {
          typeDefs: 'type Query { works: Int fails: Int }',
          resolvers: {
            Query: {
              works: () => 1,
              fails: () => {
                throw new Error('a secret');
              },
            },
          },
        },
      },
    });
    const { data, errors } = await gateway.execute('{ works fails }');
    expect(data).toEqual({ works: 1, fails: null });
    expect(errors).toMatchObject([{ path: ['fails'], extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' } }]);
    expect(JSON.stringify(errors)).not.toContain('secret');
    const invalid = await gateway.execute('{ nothing }');
    expect(invalid).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  });

  it('says why subgraphs do not compose', async () => {
    const typeDefs = 'type Query { a: Int }';
    const start = createTestGateway({
      subgraphs: { one: { typeDefs }, two: { typeDefs: 'type Query { a: String }' } },
    });
    await expect(start).rejects.toThrow(/FIELD_TYPE_MISMATCH|INVALID_FIELD_SHARING/);
  });
});
