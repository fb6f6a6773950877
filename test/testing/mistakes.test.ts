import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import '../../src/testing/vitest.js';
import { mockSubgraph } from '../../src/mocks/mockSubgraph.js';
import { fakeClock } from '../../src/testing/clock/FakeClock.js';
import { createTestGateway } from '../../src/testing/createTestGateway.js';
import { recordSubgraphs } from '../../src/testing/fixtures/recordSubgraphs.js';
import { restSubgraph } from '../../src/testing/subgraphs/restSubgraph.js';
import type { TestGateway, TestGatewayOptions } from '../../src/testing/TestGateway.js';

const SDL = 'type Query { top: [Hit!]! n: Int } union Hit = Cup | Pot type Cup { size: Int! } type Pot { size: Int! }';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await createTestGateway({ subgraphs: { shop: SDL } });
});
beforeEach(() => gateway.reset());
afterAll(() => gateway.close());

describe('a mistake in what a gateway is made of is said with its place', () => {
  // As JavaScript has it, where no types help.
  const start = (options: object) => createTestGateway(options as TestGatewayOptions);

  it.each<[string, object, string | RegExp]>([
    [
      'an SDL that does not parse',
      { subgraphs: { shop: 'type Query {\n a: ' } },
      'the SDL of subgraph "shop" (2:5): Syntax',
    ],
    [
      'an unknown type',
      { subgraphs: { shop: 'type Query { a: Foo }' } },
      'the SDL of subgraph "shop": Unknown type: "Foo"',
    ],
    ['nothing', { subgraphs: { shop: undefined } }, 'Subgraph "shop" is undefined: give an SDL, mockSubgraph'],
    ['null', { subgraphs: { shop: null } }, 'Subgraph "shop" is null: give an SDL'],
    ['a number', { subgraphs: { shop: 7 } }, 'Subgraph "shop" is 7: give an SDL'],
    ['a function', { subgraphs: { shop: () => SDL } }, 'Subgraph "shop" is a function: give an SDL'],
    ['another object', { subgraphs: { shop: { sdl: SDL } } }, 'Subgraph "shop" is an object with sdl: give an SDL'],
    ['a parsed document', { subgraphs: { shop: parse(SDL) } }, 'Subgraph "shop" is a parsed document: give an SDL'],
    [
      'other type definitions',
      { subgraphs: { shop: { typeDefs: 7 } } },
      'Subgraph "shop": its typeDefs are 7, not an SDL',
    ],
    ['an option', { subgraph: { shop: SDL } }, 'createTestGateway: there is no subgraph, only subgraphs, supergraph'],
    [
      'a resolver',
      { subgraphs: { shop: { typeDefs: SDL, resolvers: { Query: { tpo: () => [] } } } } },
      'the resolvers of subgraph "shop": type "Query" has no field "tpo"',
    ],
    [
      'a resolved type',
      { subgraphs: { shop: { typeDefs: SDL, resolvers: { Cpu: {} } } } },
      'the resolvers of subgraph "shop": there is no type "Cpu"',
    ],
    [
      'a length of lists',
      { subgraphs: { shop: SDL }, mocks: { listLength: [4, 1] } },
      'listLength is 4,1: a whole number up to 1000',
    ],
    ['a share of nulls', { subgraphs: { shop: SDL }, mocks: { nulls: 50 } }, 'nulls is 50: a share from 0 to 1'],
  ])('%s', async (_, options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  it('an option of a mock', () => {
    expect(() => mockSubgraph({ typeDefs: SDL, mock: {} } as never)).toThrow(
      'mockSubgraph: there is no mock, only typeDefs',
    );
  });

  it.each([
    ['get /items', '"get /items" is no route: a method and a path'],
    ['/items', '"/items" is no route'],
    ['GET /items?first=1', 'is no route'],
  ])('a route: %s', (route, message) => {
    expect(() => restSubgraph({ typeDefs: SDL, routes: { [route]: () => 1 } })).toThrow(message);
    expect(() => restSubgraph({ typeDefs: SDL, routes: { 'GET /items': [] as never } })).toThrow('is no function');
  });

  it('parsed type definitions are no mistake', async () => {
    const typeDefs = parse(SDL);
    for (const shop of [{ typeDefs }, mockSubgraph({ typeDefs }), { typeDefs, resolvers: { Query: { n: () => 1 } } }]) {
      await using one = await createTestGateway({ subgraphs: { shop } });
      expect(await one.execute('{ n }')).toHaveNoErrors();
    }
  });

  it('a type that a mock names and the field cannot be', async () => {
    const shop = mockSubgraph({
      typeDefs: SDL,
      mocks: { Query: { top: [{ __typename: 'Cup' }, { __typename: 'Pan' }] } },
    });
    await using one = await createTestGateway({ subgraphs: { shop } });
    expect(await one.execute('{ top { __typename } }')).toHaveErrorAt('top', 'DOWNSTREAM_SERVICE_ERROR');
    expect(String(one.lastRequest.failures[0])).toContain('Query.top cannot be a "Pan", only Cup, Pot');
  });
});

describe('a mistake in what shall go wrong is said at once', () => {
  it.each<[string, (shop: ReturnType<TestGateway['subgraph']>) => unknown, string]>([
    ['a share', (shop) => shop.flaky(30), 'flaky(30): a share of the calls from 0 to 1'],
    ['a delay', (shop) => shop.delay('200' as never), 'Nothing is late by 200 ms'],
    ['a count', (shop) => shop.failNext(0), 'Something cannot go wrong 0 times'],
    [
      'a reason',
      (shop) => shop.fail('timeout' as never),
      'No connection fails with "timeout": there are refused, reset, dns',
    ],
    ['a status', (shop) => shop.respondWith('busy' as never), 'respondWith(busy) has no status of an answer'],
    ['a condition', (shop) => shop.when(true as never), 'when() takes a function'],
    ['a breaker', (shop) => shop.circuit('Query.top').open(), 'There is no circuit breaker for Query.top of shop'],
  ])('%s', (_, mistake, message) => {
    expect(() => mistake(gateway.subgraph('shop'))).toThrow(message);
  });

  it('a time', async () => {
    for (const ms of [-1, Number.NaN, Infinity, '5' as never])
      await expect(fakeClock().advance(ms)).rejects.toThrow(`A clock goes forward: ${ms} ms`);
  });

  it('a condition that throws is named in the log', async () => {
    gateway.subgraph('shop').failWhen(() => {
      throw new Error('my mistake');
    });
    const answer = await gateway.execute('{ n }');
    expect(() => expect(answer).toHaveNoErrors()).toThrow(/The log would say:\n.*\(Error: my mistake\)/);
  });
});

describe('a mistake in what is expected does not hold for the wrong reason', () => {
  it('a promise is no answer, and no gateway', async () => {
    expect(() => expect(gateway.execute('{ n }')).toHaveNoErrors()).toThrow('This is a promise: await it first');
    expect(() => expect(Promise.resolve(gateway)).not.toHaveFetched('shop')).toThrow('await it first');
    expect(() => expect(undefined).not.toHaveFetched('shop')).toThrow('Calls are looked for in a gateway');
    expect(() => expect({ status: 200 }).toHaveNoErrors()).toThrow('An answer has data or errors');
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('a subgraph that there is not was never called', () => {
    expect(() => expect(gateway).not.toHaveFetched('shpo')).toThrow('No subgraph "shpo", only shop');
    expect(() => expect(gateway).toHaveBeenBatched('shpo')).toThrow('No subgraph "shpo", only shop');
  });

  it('a pattern says something that calls have', () => {
    const mistyped = { field: ['n'] } as never;
    expect(() => expect(gateway).not.toHaveFetched('shop', mistyped)).toThrow(
      'a call: there is no field, only operation',
    );
    const fetched = (pattern: object) => () => expect(gateway).not.toHaveFetched('shop', pattern);
    expect(fetched({ fields: 'n' })).toThrow('a call: its fields are a list');
    expect(fetched({ representations: 2 })).toThrow('a call: its representations are a list');
    expect(fetched({ variables: 5 })).toThrow('a call: its variables are an object');
    expect(fetched({ headers: ['x-user'] })).toThrow('a call: its headers are an object');
    expect(() => expect(gateway).not.toHaveFetchedTimes('shop' as never)).toThrow('a whole number, and comes first');
  });

  it('who asks, what is asked and what is recorded have no other parts', async () => {
    expect(() => gateway.as({ scope: 'read' } as never)).toThrow('an identity: there is no scope, only sub, scopes');
    const options = [
      gateway.execute({ query: '{ n }', header: {} } as never),
      gateway.execute('{ n }', {}, { header: {} } as never),
    ];
    for (const asked of options) await expect(asked).rejects.toThrow('a request: there is no header, only query');
    // A secret would stay where it is.
    expect(() => recordSubgraphs({ shop: SDL }, { path: ['variables.card'] } as never)).toThrow(
      'there is no path, only paths',
    );
  });

  it('a request has a document', async () => {
    await expect(gateway.execute({ variables: {} } as never)).rejects.toThrow('There is no document: give a text');
    await expect(gateway.execute(undefined as never)).rejects.toThrow('There is no document: give a text');
  });

  it('a closed gateway says so, also to those who still wait', async () => {
    const one = await createTestGateway({ subgraphs: { shop: SDL } });
    // Printing it, as runners do, asks for no request.
    expect(JSON.stringify(one)).toContain('"calls":[]');
    one.subgraph('shop').hang();
    const waiting = one.execute('{ n }').catch(String);
    await expect.poll(() => one.calls).toHaveLength(1);
    await one.close();
    expect(await waiting).toBe('Error: The test gateway was closed before it answered');
    await expect(one.execute('{ n }')).rejects.toThrow('This test gateway is closed');
    await expect(one.plan('{ n }')).rejects.toThrow('This test gateway is closed');
    const hasty = await createTestGateway({ subgraphs: { shop: SDL } });
    const [unawaited] = await Promise.all([hasty.execute('{ n }').catch(String), hasty.close()]);
    expect(unawaited).toBe('Error: The test gateway was closed before it answered');
  });
});
