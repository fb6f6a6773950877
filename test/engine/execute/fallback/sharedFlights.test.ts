import { afterEach, describe, expect, test } from 'vitest';

import { PorticoError } from '../../../../src/base/errors/PorticoError.js';
import type { FallbackConfig } from '../../../../src/gateway/readFallbacks.js';
import { createInProcessClient } from '../../../../src/upstream/inProcessClient.js';
import type { InProcessAnswer } from '../../../../src/upstream/inProcessClient.js';
import { withDedupe } from '../../../../src/upstream/resilience/withDedupe.js';
import { createTestGateway } from '../../../support/testGateway.js';
import type { TestGateway } from '../../../support/testGateway.js';

const ON = ['CIRCUIT_OPEN', 'TIMEOUT', 'ERROR'];
const fallback = {
  coordinates: { 'Product.price': { value: 0, on: ON }, 'Query.rate': { value: 1, on: ON } },
  subgraphs: {},
  maxSize: 1_000_000,
} as unknown as FallbackConfig;
const typeDefs = 'type Query { rate: Int top: Product } type Product { upc: ID! price: Int listPrice: Int }';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

/** Identical calls in flight get the very same reply. */
function start(answer: () => InProcessAnswer, dedupe = false) {
  let calls = 0;
  const own = createInProcessClient({
    name: 'shop',
    answer: async () => {
      calls++;
      await new Promise((resolve) => void setImmediate(resolve));
      return answer();
    },
  });
  gateway = createTestGateway({ subgraphs: { shop: { typeDefs, client: withDedupe(own) } }, fallback, dedupe });
  return { gateway, callCount: () => calls };
}

const partly = (): InProcessAnswer => ({
  data: { rate: null, top: { upc: '1', price: null, listPrice: null } },
  errors: [
    { message: 'a', path: ['top', 'price'] },
    { message: 'b', path: ['top', 'listPrice'] },
    { message: 'c', path: ['rate'] },
  ],
});
const degraded = [
  { coordinate: 'Query.rate', reason: 'DOWNSTREAM_SERVICE_ERROR', source: 'value', count: 1 },
  { coordinate: 'Product.price', reason: 'DOWNSTREAM_SERVICE_ERROR', source: 'value', count: 1 },
];

describe('those who share a call', () => {
  test('fall back each by itself when fields of it failed', async () => {
    const reply = partly();
    const { gateway, callCount } = start(() => reply);
    const [one, two] = await Promise.all([
      gateway.execute('{ rate top { price listPrice } }'),
      gateway.execute('{ r: rate t: top { p: price listPrice } }'),
    ]);
    expect(callCount()).toBe(1);
    // What both have is written into by neither.
    expect(reply).toEqual(partly());
    expect(one.data).toEqual({ rate: 1, top: { price: 0, listPrice: null } });
    expect(two.data).toEqual({ r: 1, t: { p: 0, listPrice: null } });
    for (const { errors, extensions } of [one, two]) {
      expect(errors).toMatchObject([{ message: 'b' }]);
      expect(extensions).toEqual({ degraded });
    }
  });

  test('fall back each by itself below an entity, too', async () => {
    const reply: InProcessAnswer = {
      data: { _entities: [{ offer: { cents: null } }] },
      errors: [{ message: 'a', path: ['_entities', 0, 'offer', 'cents'] }],
    };
    const before = structuredClone(reply);
    const own = createInProcessClient({
      name: 'offers',
      answer: () => new Promise((resolve) => void setTimeout(() => resolve(reply), 20)),
    });
    gateway = createTestGateway({
      subgraphs: {
        shop: {
          typeDefs: 'type Query { top: Thing } type Thing @key(fields: "id") { id: ID! }',
          answer: () => ({ data: { top: { __typename: 'Thing', id: '1' } } }),
        },
        offers: {
          typeDefs: 'type Thing @key(fields: "id") { id: ID! offer: Offer } type Offer { cents: Int }',
          client: withDedupe(own),
        },
      },
      fallback: { ...fallback, coordinates: { 'Offer.cents': { value: 5, on: ON } } } as unknown as FallbackConfig,
    });
    const ask = (name: string) => gateway!.execute(`{ ${name}: top { offer { cents } } }`);
    for (const { errors, extensions } of await Promise.all([ask('a'), ask('b')])) {
      expect(errors).toEqual([]);
      expect(extensions).toMatchObject({ degraded: [{ coordinate: 'Offer.cents', count: 1 }] });
    }
    expect(reply).toEqual(before);
  });

  test('fall back each by itself when it failed as a whole', async () => {
    const { gateway, callCount } = start(() => {
      throw new PorticoError('SUBGRAPH_CIRCUIT_OPEN', 'open');
    });
    const answers = await Promise.all([
      gateway.execute('{ rate }'),
      gateway.execute('{ r: rate }'),
      gateway.execute('query { rate }'),
    ]);
    expect(callCount()).toBe(1);
    expect(answers.map(({ data }) => data)).toEqual([{ rate: 1 }, { r: 1 }, { rate: 1 }]);
    for (const { errors, extensions } of answers) {
      expect(errors).toEqual([]);
      expect(extensions).toMatchObject({ degraded: [{ coordinate: 'Query.rate', reason: 'SUBGRAPH_CIRCUIT_OPEN' }] });
    }
  });

  test('say so each where they share the whole execution', async () => {
    const { gateway, callCount } = start(partly, true);
    const answers = await Promise.all([1, 2, 3].map(() => gateway.execute('{ rate top { price listPrice } }')));
    expect(callCount()).toBe(1);
    for (const { data, extensions, headers, cachePolicy } of answers) {
      expect(data).toEqual({ rate: 1, top: { price: 0, listPrice: null } });
      expect(extensions).toEqual({ degraded });
      expect(headers.get('portico-degraded')).toBe('Query.rate, Product.price');
      expect(cachePolicy?.maxAge ?? 0).toBe(0);
    }
  });
});
