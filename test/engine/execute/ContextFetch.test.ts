import { describe, expect, it } from 'vitest';

import type { InProcessAnswer } from '../../../src/upstream/inProcessClient.js';
import { createSchemaClient } from '../../support/schemaClient.js';
import { withFederationLink } from '../../support/compose.js';
import { createTestGateway } from '../../support/testGateway.js';
import type { TestGateway, TestSubgraph } from '../../support/testGateway.js';

/** Shops price one and the same product in their own currency; a region inside a shop may have another. */
const shops: TestSubgraph = {
  typeDefs: `
    type Query { shops: [Shop] shop(id: ID!): Shop }
    type Shop @key(fields: "id") { id: ID! currency: String }
    type Region @key(fields: "id") { id: ID! currency: String }
  `,
  resolvers: {
    Query: {
      shops: () => [shop('s1', 'EUR'), shop('s2', 'USD'), null, shop('s3', null), shop('s4', 'EUR')],
      shop: (_: unknown, { id }: { id: string }) => shop(id, 'CHF'),
    },
    Region: { __resolveReference: ({ id }: { id: string }) => ({ id, currency: id.endsWith('r1') ? 'SEK' : null }) },
  },
};
const shop = (id: string, currency: string | null) => ({ id, currency });
const product = (id: string) => ({ __typename: 'Product', id });

const prices: TestSubgraph = {
  typeDefs: `
    type Shop @key(fields: "id") @context(name: "place") {
      id: ID! currency: String @external best: Product products: [Product!] rows: [[Product]] regions: [Region!]
    }
    type Region @key(fields: "id") @context(name: "place") { id: ID! currency: String @external best: Product }
    type Product @key(fields: "id") {
      id: ID!
      price(currency: String @fromContext(field: "$place { currency }")): String
      tagged(tag: String! = "t", currency: String @fromContext(field: "$place { currency }")): String
    }
  `,
  resolvers: {
    Shop: {
      best: () => product('p1'),
      products: () => [product('p1'), product('p2')],
      rows: () => [[product('p1'), null], [product('p2')]],
      regions: ({ id }: { id: string }) => ['r1', 'r2'].map((region) => ({ id: `${id}-${region}` })),
    },
    Region: { best: ({ id }: { id: string }) => product(id.endsWith('r1') ? 'p1' : 'p2') },
    Product: {
      price: ({ id }: { id: string }, { currency }: { currency?: string | null }) => `${id} in ${currency}`,
      tagged: ({ id }: { id: string }, { tag, currency }: { tag: string; currency?: string | null }) =>
        `${id} ${tag} ${currency}`,
    },
  },
};

async function withGateway<Result>(
  use: (gateway: TestGateway) => Promise<Result>,
  subgraphs: Readonly<Record<string, TestSubgraph>> = { shops, prices },
): Promise<Result> {
  const gateway = createTestGateway({ subgraphs });
  try {
    return await use(gateway);
  } finally {
    await gateway.close();
  }
}

const answerOf = (query: string, variables?: Record<string, unknown>) =>
  withGateway(async (gateway) => {
    const { data, errors } = await gateway.execute(variables === undefined ? { query } : { query, variables });
    const calls = gateway.calls.filter(({ subgraph }) => subgraph === 'prices');
    return { data, errors, calls };
  });

describe('arguments from context', () => {
  it('differ from parent to parent, also for one and the same entity, in one request', async () => {
    const { data, errors, calls } = await answerOf('{ shops { id best { price } } }');
    expect(errors).toEqual([]);
    expect(data).toEqual({
      shops: [
        { id: 's1', best: { price: 'p1 in EUR' } },
        { id: 's2', best: { price: 'p1 in USD' } },
        null,
        { id: 's3', best: { price: 'p1 in null' } },
        { id: 's4', best: { price: 'p1 in EUR' } },
      ],
    });
    const [asked, ...more] = calls.filter(({ text }) => text.includes('price'));
    expect(more).toEqual([]);
    const lists = Object.entries(asked!.variables).filter(([name]) => name.startsWith('representations'));
    expect(lists.map(([, list]) => (list as { id: string }[]).map(({ id }) => id))).toEqual([
      ['s1', 's4'],
      ['s2'],
      ['s3'],
    ]);
  });

  it('reach through lists and lists of lists', async () => {
    const { data } = await answerOf('{ shops { products { price } rows { price } } }');
    const inCurrency = (currency: string) => ({
      products: [{ price: `p1 in ${currency}` }, { price: `p2 in ${currency}` }],
      rows: [[{ price: `p1 in ${currency}` }, null], [{ price: `p2 in ${currency}` }]],
    });
    expect(data).toEqual({
      shops: [inCurrency('EUR'), inCurrency('USD'), null, inCurrency('null'), inCurrency('EUR')],
    });
  });

  it('come from the nearest object above that sets the context', async () => {
    const { data } = await answerOf('{ shop(id: "x") { best { price } regions { best { price } } } }');
    expect(data).toEqual({
      shop: {
        best: { price: 'p1 in CHF' },
        regions: [{ best: { price: 'p1 in SEK' } }, { best: { price: 'p2 in null' } }],
      },
    });
  });

  it('stand beside arguments and variables of the client', async () => {
    const { data, errors } = await answerOf(
      'query($t: String!, $representations_0: String!, $contextualArgument_1_0: String!) { shop(id: "x") { best { a: tagged(tag: $t) b: tagged(tag: $representations_0) c: tagged(tag: $contextualArgument_1_0) d: tagged price } } }',
      { t: 'x', representations_0: 'y', contextualArgument_1_0: 'z' },
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      shop: { best: { a: 'p1 x CHF', b: 'p1 y CHF', c: 'p1 z CHF', d: 'p1 t CHF', price: 'p1 in CHF' } },
    });
  });
});

describe('when one list of a joint answer is to blame', () => {
  it('the entities of other contexts are asked again with their own values', async () => {
    const honest = createSchemaClient({
      name: 'prices',
      typeDefs: withFederationLink(prices.typeDefs!),
      resolvers: prices.resolvers!,
    });
    let joint = 0;
    const client = {
      ...honest,
      execute: (call: Parameters<typeof honest.execute>[0]) => {
        if (!call.operation.text.includes('_1:')) return honest.execute(call);
        joint++;
        const answer: InProcessAnswer = { data: null, errors: [{ message: 'boom', path: ['_1', 0, 'best'] }] };
        return Promise.resolve({
          errors: undefined,
          extensions: undefined,
          status: 200,
          headers: {},
          shared: false,
          data: null,
          ...answer,
        });
      },
    };
    await withGateway(
      async (gateway) => {
        const { data, errors } = await gateway.execute('{ shops { best { price } } }');
        expect(joint).toBe(1);
        expect(data).toEqual({
          shops: [
            { best: { price: 'p1 in EUR' } },
            { best: null },
            null,
            { best: { price: 'p1 in null' } },
            { best: { price: 'p1 in EUR' } },
          ],
        });
        expect(errors).toMatchObject([{ message: 'boom', path: ['shops', 1, 'best'] }]);
      },
      { shops, prices: { typeDefs: prices.typeDefs!, client } },
    );
  });
});
