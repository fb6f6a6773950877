import { afterEach, describe, expect, test } from 'vitest';

import { PorticoError } from '../../../../src/base/errors/PorticoError.js';
import type { ErrorCode } from '../../../../src/base/errors/codes.js';
import type { FallbackConfig } from '../../../../src/gateway/readFallbacks.js';
import { createTestGateway } from '../../../support/testGateway.js';
import type { TestCall, TestGateway, TestGatewayOptions } from '../../../support/testGateway.js';

const ON = ['CIRCUIT_OPEN', 'TIMEOUT', 'ERROR'];
const rule = (parts: object) => ({ on: ON, ...parts });
const config = (coordinates: Record<string, object>, subgraphs: Record<string, object> = {}): FallbackConfig =>
  ({ coordinates, subgraphs, maxSize: 1_000_000 }) as unknown as FallbackConfig;

const CATALOG = `
  type Query { products: [Product!] top: Product cheapest: Product }
  type Mutation { buy: Product }
  type Product @key(fields: "upc") { upc: ID! name: String }
`;
const PRICES = `
  type Query { rate: Int lastRate: Int }
  type Product @key(fields: "upc") { upc: ID! price: Int! currency: String! tags: [Tag!] listPrice: Int }
  type Tag { label: String! weight: Int }
`;
const SHOP = `
  type Product @key(fields: "upc") { upc: ID! price: Int! @external cachedPrice: Int shipping: Int @requires(fields: "price") }
`;

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

interface Behaviour {
  prices: 'good' | ErrorCode | ((call: TestCall) => object);
  shop: 'good' | ErrorCode;
}

const UPCS = ['1', '2'];

function start(fallback: FallbackConfig, behaviour: Partial<Behaviour> = {}, more: Partial<TestGatewayOptions> = {}) {
  const now: Behaviour = { prices: 'good', shop: 'good', ...behaviour };
  const reps = (call: TestCall, name = 'representations'): Array<Record<string, unknown>> =>
    (call.variables[name] ?? []) as Array<Record<string, unknown>>;
  const priceOf = (upc: unknown): object => ({
    price: Number(upc) * 10,
    currency: 'EUR',
    tags: [{ label: `t${String(upc)}`, weight: 1 }],
    listPrice: Number(upc) * 12,
  });
  gateway = createTestGateway({
    subgraphs: {
      catalog: {
        typeDefs: CATALOG,
        answer: () => ({
          data: {
            products: UPCS.map((upc) => ({ __typename: 'Product', upc, name: `P${upc}` })),
            top: { __typename: 'Product', upc: '1', name: 'P1' },
            cheapest: { __typename: 'Product', upc: '1', name: 'P1' },
            buy: { __typename: 'Product', upc: '1', name: 'P1' },
          },
        }),
      },
      prices: {
        typeDefs: PRICES,
        answer: (call) => {
          if (typeof now.prices === 'function') return now.prices(call);
          if (now.prices !== 'good') throw new PorticoError(now.prices, 'broken');
          if (!call.text.includes('_entities')) return { data: { rate: 7, lastRate: 6 } };
          return { data: { _entities: reps(call).map(({ upc }) => priceOf(upc)) } };
        },
      },
      shop: {
        typeDefs: SHOP,
        answer: (call) => {
          if (now.shop !== 'good') throw new PorticoError(now.shop, 'broken');
          return {
            data: {
              _entities: reps(call).map(({ upc, price }) => ({
                cachedPrice: Number(upc) * 9,
                shipping: price === undefined ? null : Number(price) + 1,
              })),
            },
          };
        },
      },
    },
    fallback,
    ...more,
  });
  return { gateway, now };
}

describe('a value that stands in', () => {
  test('keeps the parents of a non-null field alive, and only the uncovered field has an error', async () => {
    const { gateway } = start(config({ 'Product.price': rule({ value: 0 }) }), { prices: 'SUBGRAPH_TIMEOUT' });
    const answer = await gateway.execute('{ products { name price tags { label } } }');
    expect(answer.data).toEqual({
      products: [
        { name: 'P1', price: 0, tags: null },
        { name: 'P2', price: 0, tags: null },
      ],
    });
    expect(answer.errors).toMatchObject([{ path: ['products', 0, 'tags'], extensions: { code: 'SUBGRAPH_TIMEOUT' } }]);
    expect(answer.extensions).toEqual({
      degraded: [{ coordinate: 'Product.price', reason: 'SUBGRAPH_TIMEOUT', source: 'value', count: 2 }],
    });
    expect([...answer.headers]).toEqual([['portico-degraded', 'Product.price']]);
    expect(answer.cachePolicy).toEqual({ maxAge: 0, scope: 'PRIVATE' });
    expect(gateway.failures).toHaveLength(1);
  });

  test('leaves no error when everything selected is covered', async () => {
    const { gateway } = start(config({ 'Product.price': rule({ value: 0 }) }), { prices: 'SUBGRAPH_CIRCUIT_OPEN' });
    const answer = await gateway.execute('{ top { cost: price name } }');
    expect(answer).toMatchObject({ data: { top: { cost: 0, name: 'P1' } }, errors: [] });
  });

  test('is selected from like any answer, under the names the client gives', async () => {
    const { gateway } = start(
      config({ 'Product.tags': rule({ value: [{ label: 'none' }, { label: 'some', weight: 3 }] }) }),
      { prices: 'SUBREQUEST_HTTP_ERROR' },
    );
    const answer = await gateway.execute('{ top { t: tags { __typename w: weight l: label label } } }');
    expect(answer).toMatchObject({ errors: [] });
    expect(answer.data).toEqual({
      top: {
        t: [
          { __typename: 'Tag', w: null, l: 'none', label: 'none' },
          { __typename: 'Tag', w: 3, l: 'some', label: 'some' },
        ],
      },
    });
  });

  test('of a type has a value for each field that it covers', async () => {
    const { gateway } = start(config({ Product: rule({ value: { price: 1, currency: 'XXX' } }) }), {
      prices: 'SUBREQUEST_MALFORMED_RESPONSE',
    });
    const answer = await gateway.execute('{ top { price currency listPrice } }');
    expect(answer.data).toEqual({ top: { price: 1, currency: 'XXX', listPrice: null } });
    expect(answer.errors).toHaveLength(1);
  });

  test('may be null: then there is a null and no error', async () => {
    const { gateway } = start(config({ 'Product.listPrice': rule({ value: null }) }), { prices: 'SUBGRAPH_TIMEOUT' });
    expect(await gateway.execute('{ top { listPrice } }')).toMatchObject({
      data: { top: { listPrice: null } },
      errors: [],
    });
  });

  test('is there for an error of exactly this field, and for no other', async () => {
    const { gateway } = start(config({ 'Product.price': rule({ value: 0 }) }), {
      prices: () => ({
        data: { _entities: [null, { price: 20, currency: 'EUR', listPrice: null }] },
        errors: [
          { message: 'a', path: ['_entities', 0, 'price'] },
          { message: 'b', path: ['_entities', 1, 'listPrice'] },
        ],
      }),
    });
    const answer = await gateway.execute('{ products { price listPrice } }');
    expect(answer.data).toEqual({
      products: [
        { price: 0, listPrice: null },
        { price: 20, listPrice: null },
      ],
    });
    expect(answer.errors).toMatchObject([{ message: 'b', path: ['products', 1, 'listPrice'] }]);
  });

  test('is what @requires of a later fetch reads', async () => {
    const { gateway } = start(config({ 'Product.price': rule({ value: 5 }) }), { prices: 'SUBGRAPH_TIMEOUT' });
    expect(await gateway.execute('{ products { shipping } }')).toMatchObject({
      data: { products: [{ shipping: 6 }, { shipping: 6 }] },
      errors: [],
    });
  });

  test('reaches an entity that two selections of one request share', async () => {
    const { gateway } = start(config({ 'Product.price': rule({ value: 5 }) }), { prices: 'SUBGRAPH_TIMEOUT' });
    const answer = await gateway.execute('{ top { price } cheapest { price } products { price } }');
    expect(answer).toMatchObject({
      data: { top: { price: 5 }, cheapest: { price: 5 }, products: [{ price: 5 }, { price: 5 }] },
      errors: [],
    });
  });

  test('comes for the named triggers only', async () => {
    const { gateway, now } = start(config({ 'Product.price': { value: 0, on: ['CIRCUIT_OPEN'] } }), {
      prices: 'SUBGRAPH_TIMEOUT',
    });
    expect((await gateway.execute('{ top { price } }')).errors).toHaveLength(1);
    now.prices = 'OVERLOADED';
    expect((await gateway.execute('{ top { price } }')).data).toEqual({ top: { price: 0 } });
  });

  test.each(['FORBIDDEN', 'UNAUTHENTICATED'])('never stands in for a subgraph that says %s', async (code) => {
    const { gateway } = start(config({ 'Product.price': rule({ value: 0 }) }), {
      prices: () => ({ data: null, errors: [{ message: 'no', extensions: { code } }] }),
    });
    expect((await gateway.execute('{ top { price } }')).data).toEqual({ top: null });
  });

  test('does not exist for root fields of mutations', () => {
    expect(() => start(config({ 'Mutation.buy': rule({ value: null }) }))).toThrow('an effect has no stand-in');
  });

  test('comes from @fallback, whatever the directive is called', async () => {
    const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
      @link(url: "https://specs.portico.dev/fallback/v0.1", import: [{ name: "@fallback", as: "@degrade" }])
      @composeDirective(name: "@degrade")
      scalar JSON scalar Duration enum FallbackTrigger { CIRCUIT_OPEN TIMEOUT ERROR }
      directive @degrade(value: JSON, field: String, maxStale: Duration, on: [FallbackTrigger!] = [CIRCUIT_OPEN, TIMEOUT, ERROR]) on FIELD_DEFINITION | OBJECT
      type Query { stars: Int @degrade(value: 3) hearts: Int @degrade(value: 1, on: TIMEOUT) }`;
    gateway = createTestGateway({
      subgraphs: {
        a: {
          typeDefs: link,
          answer: () => {
            throw new PorticoError('SUBREQUEST_HTTP_ERROR', 'down');
          },
        },
      },
    });
    expect((await gateway.execute('{ stars hearts }')).data).toEqual({ stars: 3, hearts: null });
  });
});

describe('another field that stands in', () => {
  test('is asked of its own subgraph, once for all entities, only after the failure', async () => {
    const { gateway, now } = start(config({ 'Product.price': rule({ field: 'cachedPrice', value: 0 }) }));
    await gateway.execute('{ products { price } }');
    expect(gateway.calls.map(({ subgraph }) => subgraph)).toEqual(['catalog', 'prices']);
    gateway.calls.length = 0;
    now.prices = 'SUBGRAPH_TIMEOUT';
    const answer = await gateway.execute('{ products { price } }');
    expect(answer).toMatchObject({ data: { products: [{ price: 9 }, { price: 18 }] }, errors: [] });
    expect(gateway.calls.map(({ subgraph }) => subgraph)).toEqual(['catalog', 'prices', 'shop']);
    expect(answer.extensions).toMatchObject({ degraded: [{ source: 'field', count: 2 }] });
  });

  test('gives way to the value when it fails too', async () => {
    const { gateway } = start(config({ 'Product.price': rule({ field: 'cachedPrice', value: 0 }) }), {
      prices: 'SUBGRAPH_TIMEOUT',
      shop: 'SUBGRAPH_TIMEOUT',
    });
    expect((await gateway.execute('{ products { price } }')).data).toEqual({ products: [{ price: 0 }, { price: 0 }] });
  });

  test('works at the root', async () => {
    const { gateway } = start(config({ 'Query.rate': rule({ field: 'lastRate' }) }), {
      prices: ({ text }) =>
        text.includes('lastRate')
          ? { data: { lastRate: 6 } }
          : { data: { rate: null }, errors: [{ message: 'x', path: ['rate'] }] },
    });
    expect(await gateway.execute('{ rate }')).toMatchObject({ data: { rate: 6 }, errors: [] });
  });
});

describe('the last good answer', () => {
  const stale = config({ 'Product.price': rule({ maxStaleMs: undefined, maxStale: 60_000 }) });

  test('stands in by entity, so that another batch finds it too', async () => {
    let time = 0;
    const clock = { now: () => time, monotonic: () => time, schedule: () => () => {} };
    const { gateway, now } = start(stale, {}, { clock });
    await gateway.execute('{ products { price } }');
    now.prices = 'SUBGRAPH_TIMEOUT';
    time = 59_000;
    const answer = await gateway.execute('{ top { price } }');
    expect(answer.data).toEqual({ top: { price: 10 } });
    expect(answer.extensions).toMatchObject({ degraded: [{ source: 'stale', ageMs: 59_000 }] });
    time = 61_000;
    expect((await gateway.execute('{ top { price } }')).data).toEqual({ top: null });
  });

  test.each([
    ['an answer with an error', { errors: [{ message: 'x', path: ['_entities', 0, 'price'] }] }],
    ['a status other than 2xx', { status: 500 }],
    ['no-store', { headers: { 'cache-control': 'no-store' } }],
    ['private data that no header of the client tells apart', { headers: { 'cache-control': 'private, max-age=5' } }],
  ])('is never kept of %s', async (_name, parts) => {
    const { gateway, now } = start(stale, {
      prices: () => ({ data: { _entities: [{ price: 10 }] }, ...parts }),
    });
    await gateway.execute('{ top { price } }');
    now.prices = 'SUBGRAPH_TIMEOUT';
    expect((await gateway.execute('{ top { price } }')).data).toEqual({ top: null });
  });

  test('is kept for all fields of a subgraph, and for root fields by their variables', async () => {
    const { gateway, now } = start(config({}, { prices: { on: ON, maxStale: 60_000 } }));
    await gateway.execute('{ rate top { listPrice } }');
    now.prices = 'SUBREQUEST_HTTP_ERROR';
    expect(await gateway.execute('{ rate top { listPrice } }')).toMatchObject({
      data: { rate: 7, top: { listPrice: 12 } },
      errors: [],
    });
  });
});
