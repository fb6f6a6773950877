import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { failures } from '../../src/base/telemetry/channels.js';
import type { Failure } from '../../src/base/telemetry/channels.js';
import { defineRestSubgraph, PorticoError, restPath } from '../../src/index.js';
import type { RestContext } from '../../src/index.js';
import { composeOnce } from '../../src/testing/prepareGraph.js';
import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { startLibraryServer } from '../support/libraryServer.js';
import type { LibraryServer } from '../support/libraryServer.js';
import { startRestService } from '../support/restService.js';
import type { RestService } from '../support/restService.js';

const typeDefs = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  type Query { item(sku: ID!): Product items(tags: [String!], limit: Int): [Product!] note(text: String, header: String): String both: String
    config: String broken: String worded: String missing: String plain: String many: Int quick: Int }
  type Mutation { restock(sku: ID!, units: Int!): Int form(name: String): Int }
  type Product @key(fields: "sku") { sku: ID! units: Int place: String }`;

const unitsOf = async (skus: readonly string[], { rest }: RestContext): Promise<Array<number | Error>> => {
  const found = await rest.post<Record<string, number>>(restPath`/search`, { body: { skus } });
  return skus.map((sku) => found[sku] ?? new GraphQLError('No such item'));
};

const resolvers = {
  Query: {
    item: (_: unknown, { sku }: { sku: string }, { rest }: RestContext) => rest.get(restPath`/items/${sku}`),
    items: (_: unknown, { tags, limit }: { tags?: string[]; limit?: number }, { rest }: RestContext) =>
      rest.get(restPath`/items`, { query: { tag: tags, limit } }),
    note: (_: unknown, { text, header }: { text?: string; header?: string }, { rest }: RestContext) =>
      rest.get(restPath`/notes/${text ?? 'none'}/end`, { headers: { 'x-note': header } }),
    both: async (_: unknown, _args: unknown, { rest }: RestContext) => {
      await Promise.all([rest.get(restPath`/same`), rest.get(restPath`/same`)]);
      await rest.post(restPath`/change`);
      return (await rest.get<{ at: string }>(restPath`/same`)).at;
    },
    config: (_: unknown, _args: unknown, { config, headers }: RestContext) =>
      `${String(config['key'])} ${headers['x-tenant']?.join() ?? 'nobody'}`,
    broken: () => {
      throw new Error('a secret of the code');
    },
    worded: () => {
      throw new GraphQLError('Not today', { extensions: { code: 'CLOSED' } });
    },
    missing: async (_: unknown, _args: unknown, { rest }: RestContext) => {
      const { status, body } = await rest.send('GET', restPath`/gone`);
      return `${status} ${(body as { why: string }).why}`;
    },
    plain: (_: unknown, _args: unknown, { rest }: RestContext) => rest.get('/admin' as never),
    many: async (_: unknown, _args: unknown, { rest }: RestContext) => {
      // oxlint-disable-next-line no-await-in-loop -- one after another
      for (const each of [1, 2, 3, 4]) await rest.get(restPath`/n/${each}`);
      return 4;
    },
    quick: () => 1,
  },
  Mutation: {
    restock: async (_: unknown, { sku, units }: { sku: string; units: number }, { rest }: RestContext) =>
      (await rest.put<{ units: number }>(restPath`/items/${sku}`, { body: { units } })).units,
    form: async (_: unknown, { name }: { name: string }, { rest }: RestContext) => {
      await rest.post(restPath`/form`, { form: { name, list: [1, 2] } });
      return 1;
    },
  },
  Product: {
    __resolveReference: ({ sku }: { sku: string }) => ({ sku }),
    units: ({ sku, units }: { sku: string; units?: number }, _: unknown, { load }: RestContext) =>
      units ?? load(unitsOf, sku),
    place: async ({ sku }: { sku: string }, _: unknown, { rest }: RestContext) =>
      (await rest.get<{ place: string }>(restPath`/places/${sku.slice(0, 1)}`)).place,
  },
};

let rest: RestService;
let orders: RestService;
let skus: readonly string[] = [];
const open = new Map<string, Promise<LibraryServer>>();

beforeAll(async () => {
  rest = await startRestService(() => ({ status: 404 }));
  orders = await startRestService(() => ({
    body: { data: { orders: skus.map((sku) => ({ product: { __typename: 'Product', sku } })) } },
  }));
});
afterAll(async () => {
  for (const server of await Promise.all(open.values())) await server.stop();
  await Promise.all([rest.close(), orders.close()]);
});
beforeEach(() => {
  rest.seen.length = 0;
  rest.handler = ({ url }) => ({ body: { sku: 'a', units: 3, place: 'Ulm', at: url } });
});

type Settings = Omit<GatewayOptions, 'supergraphSdl'>;

function gateway(settings: Settings = {}): Promise<LibraryServer> {
  const key = JSON.stringify(settings);
  const known = open.get(key) ?? start(settings);
  open.set(key, known);
  return known;
}

function start(settings: Settings): Promise<LibraryServer> {
  const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])';
  const supergraphSdl = composeOnce([
    { name: 'stock', url: '', sdl: typeDefs },
    {
      name: 'orders',
      url: orders.url,
      sdl: `${link} type Query { orders: [Order!]! } type Order { product: Product } type Product @key(fields: "sku") { sku: ID! }`,
    },
  ]);
  const stock = defineRestSubgraph({ typeDefs, resolvers, baseURL: `${rest.url}/api/` });
  return startLibraryServer(
    createInlineGateway({
      supergraphSdl,
      trafficShaping: { router: { timeout: '10s' }, all: { timeout: '5s' } },
      ...settings,
      restSubgraphs: { stock },
    }),
  );
}

const sent = (): string[] => rest.seen.map(({ method, url }) => `${method} ${url}`);

describe('resolvers in the process of the gateway', () => {
  it('call the service, below its base URL', async () => {
    const { json } = await (await gateway()).ask('{ item(sku: "a") { sku units } }');
    expect(json).toEqual({ data: { item: { sku: 'a', units: 3 } } });
    expect(sent()).toEqual(['GET /api/items/a']);
  });

  it('find entities for other subgraphs, and load what they lack together, each key once', async () => {
    skus = Array.from({ length: 100 }, (_, at) => `p${at % 5}`);
    rest.handler = ({ body }) => ({
      body: Object.fromEntries(JSON.parse(body).skus.map((sku: string) => [sku, Number(sku[1])])),
    });
    const { json } = await (await gateway()).ask('{ orders { product { units } } }');
    expect(json).toEqual({ data: { orders: skus.map((sku) => ({ product: { units: Number(sku[1]) } })) } });
    expect(rest.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/api/search', '{"skus":["p0","p1","p2","p3","p4"]}'],
    ]);
  });

  it('send an equal GET once for one client request, and again for the next one', async () => {
    skus = ['a1', 'a2', 'b1'];
    const server = await gateway();
    await server.ask('{ orders { product { place } } }');
    expect(sent()).toEqual(['GET /api/places/a', 'GET /api/places/b']);
    await server.ask('{ orders { product { place } } }');
    expect(sent()).toHaveLength(4);
  });

  it('read anew what they have changed', async () => {
    const { json } = await (await gateway()).ask('{ both }');
    expect(json.errors).toBeUndefined();
    expect(sent()).toEqual(['GET /api/same', 'POST /api/change', 'GET /api/same']);
  });

  it('know settings, and of the headers of the client those that a rule forwards', async () => {
    const server = await gateway({
      connectors: { sources: { stock: { config: { key: 'k1' } } } },
      headers: { subgraphs: { stock: { request: [{ propagate: { named: 'x-tenant' } }] } } },
    });
    const headers = { 'x-tenant': 't1', cookie: 'session=1' };
    expect((await server.ask('{ config }', { headers })).json).toEqual({ data: { config: 'k1 t1' } });
    await server.ask('{ item(sku: 1) { sku } }', { headers });
    expect(rest.seen[0]!.headers).toMatchObject({ 'x-tenant': 't1' });
    expect(rest.seen[0]!.headers).not.toHaveProperty('cookie');
  });

  it('may send bodies and forms, once each', async () => {
    rest.handler = () => ({ status: 503 });
    const server = await gateway();
    await server.ask('mutation { restock(sku: "a", units: 9007) }');
    await server.ask('mutation { form(name: "a&b=c") }');
    expect(rest.seen.map(({ method, url, body, headers }) => [method, url, body, headers['content-type']])).toEqual([
      ['PUT', '/api/items/a', '{"units":9007}', 'application/json'],
      ['POST', '/api/form', 'name=a%26b%3Dc&list%5B0%5D=1&list%5B1%5D=2', 'application/x-www-form-urlencoded'],
    ]);
  });
});

describe('values stay in their place (encoding attacks)', () => {
  it.each([
    ['a path', '../../admin', '..%2F..%2Fadmin'],
    ['encoded dots', '%2e%2e%2f', '%252e%252e%252f'],
    ['a query string', '1?admin=true', '1%3Fadmin%3Dtrue'],
    ['a fragment', '1#x', '1%23x'],
    ['a host', '//evil.test/', '%2F%2Fevil.test%2F'],
    ['a URL', 'http://evil.test', 'http%3A%2F%2Fevil.test'],
    ['a backslash', '\\\\evil', '%5C%5Cevil'],
    ['credentials', '@evil.test', '%40evil.test'],
    ['a parameter of a segment', ';x=1', '%3Bx%3D1'],
    ['a line break', 'a\r\nx-evil: 1', 'a%0D%0Ax-evil%3A%201'],
    ['half a character', '\ud800', '%EF%BF%BD'],
  ])('%s in a path is one segment of it', async (_, text, segment) => {
    await (await gateway()).ask('query ($text: String) { note(text: $text) }', { variables: { text } });
    expect(sent()).toEqual([`GET /api/notes/${segment}/end`]);
    expect(rest.seen[0]!.headers).not.toHaveProperty('x-evil');
  });

  it.each(['', '.', '..', 'x'.repeat(65_536)])(
    '%.20j as a segment is not sent, and the client learns no more',
    async (text) => {
      const server = await gateway();
      const { json } = await server.ask('query ($text: String) { note(text: $text) }', { variables: { text } });
      expect(sent()).toEqual([]);
      expect(json).toMatchObject({
        data: { note: null },
        errors: [{ path: ['note'], extensions: { code: 'REST_REQUEST_INVALID' } }],
      });
      expect(JSON.stringify(json.errors)).not.toMatch(/api|segment/);
    },
  );

  it('a value in a query is one value, a list repeats the name, and null is left out', async () => {
    rest.handler = () => ({ body: [] });
    const variables = { tags: ['a&b=c', 'x#y'], limit: null };
    await (
      await gateway()
    ).ask('query ($tags: [String!], $limit: Int) { items(tags: $tags, limit: $limit) { sku } }', { variables });
    expect(sent()).toEqual(['GET /api/items?tag=a%26b%3Dc&tag=x%23y']);
  });

  it('a header with a line break refuses the call', async () => {
    const server = await gateway();
    const { json } = await server.ask('query ($h: String) { note(header: $h) }', {
      variables: { h: 'a\r\nx-evil: 1' },
    });
    expect(sent()).toEqual([]);
    expect(json.errors).toMatchObject([{ extensions: { code: 'REST_REQUEST_INVALID' } }]);
  });

  it('a path that restPath has not made is not sent', async () => {
    const { json } = await (await gateway()).ask('{ plain }');
    expect(sent()).toEqual([]);
    expect(json.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  });
});

describe('failures', () => {
  it('of the service are errors at their fields, without its words; the rest of the answer stays', async () => {
    rest.handler = () => ({ status: 500, body: { trace: 'internal secret' } });
    const { json } = await (await gateway()).ask('{ quick item(sku: 1) { sku } }');
    expect(json).toMatchObject({
      data: { quick: 1, item: null },
      errors: [{ path: ['item'], extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }],
    });
    expect(JSON.stringify(json)).not.toMatch(/trace|secret|api/);
  });

  it('of one of many are one error with its path', async () => {
    skus = ['a1', 'b1', 'c1'];
    rest.handler = ({ url }) => (url.endsWith('/b') ? { status: 404 } : { body: { place: url.slice(-1) } });
    const { json } = await (await gateway()).ask('{ orders { product { place } } }');
    expect(json.data).toEqual({
      orders: [{ product: { place: 'a' } }, { product: { place: null } }, { product: { place: 'c' } }],
    });
    expect(json.errors).toHaveLength(1);
    expect(json.errors![0]!.path).toEqual(['orders', 1, 'product', 'place']);
  });

  it('may be looked at by a resolver, body included', async () => {
    rest.handler = () => ({ status: 410, body: { why: 'sold' } });
    expect((await (await gateway()).ask('{ missing }')).json).toEqual({ data: { missing: '410 sold' } });
  });

  it('that a resolver words itself reach the client where errors are not masked', async () => {
    const server = await gateway({ errors: { mask: false, allowExtensions: ['code'] } });
    const { json } = await server.ask('{ quick worded }');
    expect(json.errors).toMatchObject([{ message: 'Not today', path: ['worded'], extensions: { code: 'CLOSED' } }]);
  });

  it('of code never reach the client, and go to the log', async () => {
    const told: Failure[] = [];
    const stop = failures.subscribe((failure) => told.push(failure));
    const server = await gateway({ errors: { mask: false, allowExtensions: ['code'] } });
    const { json } = await server.ask('{ quick broken }');
    stop();
    expect(json).toMatchObject({ data: { quick: 1, broken: null }, errors: [{ path: ['broken'] }] });
    expect(JSON.stringify(json)).not.toContain('secret');
    expect(told.map(({ error }) => (error as Error).message)).toContain(
      'a resolver of stock threw: a secret of the code',
    );
  });

  it('of values that do not fit their types say nothing of the value, masked or not', async () => {
    rest.handler = () => ({ body: { sku: 'a', units: 'secret value' } });
    const server = await gateway({ errors: { mask: false, allowExtensions: ['code'] } });
    const { json } = await server.ask('{ item(sku: 1) { sku units } }');
    expect(json).toMatchObject({
      data: { item: { sku: 'a', units: null } },
      errors: [{ path: ['item', 'units'], extensions: { code: 'INVALID_VALUE' } }],
    });
    expect(JSON.stringify(json)).not.toContain('secret');
  });

  it('of answers that are too large or cannot be read are errors as well', async () => {
    rest.handler = () => ({ body: { sku: 'x'.repeat(5000) } });
    const server = await gateway({ trafficShaping: { subgraphs: { stock: { maxResponseSize: '1KB' } } } });
    const { json } = await server.ask('{ item(sku: 1) { sku } }');
    expect(json.errors).toMatchObject([{ extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' } }]);
  });
});

describe('calls go through what stands around every subgraph', () => {
  it('repeats GET, and nothing else', async () => {
    rest.handler = () => (rest.seen.length === 1 ? { status: 503 } : { body: { sku: 'a' } });
    const { json } = await (await gateway()).ask('{ item(sku: 1) { sku } }');
    expect(json.data).toEqual({ item: { sku: 'a' } });
    expect(rest.seen).toHaveLength(2);
  });

  it('ends a call at the deadline of the subgraph', async () => {
    rest.handler = () => undefined;
    const server = await gateway({ trafficShaping: { subgraphs: { stock: { timeout: '200ms' } } } });
    const { json } = await server.ask('{ quick item(sku: 1) { sku } }');
    expect(json).toMatchObject({ data: { quick: 1 }, errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }] });
  });

  it('opens a breaker', async () => {
    rest.handler = () => ({ status: 500 });
    const server = await gateway({
      trafficShaping: {
        all: { circuitBreaker: { volumeThreshold: 5, errorThreshold: 50 }, retry: { maxAttempts: 1 } },
      },
    });
    for (let at = 0; at < 8; at++) await server.ask(`{ item(sku: ${at}) { sku } }`);
    const { json } = await server.ask('{ item(sku: 9) { sku } }');
    expect(json.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_CIRCUIT_OPEN' } }]);
    expect(rest.seen.length).toBeLessThan(8);
  });

  it('counts requests of one operation, and refuses those beyond the limit', async () => {
    const server = await gateway({ connectors: { sources: { stock: { maxRequestsPerOperation: 3 } } } });
    const { json } = await server.ask('{ quick many }');
    expect(rest.seen.length).toBe(3);
    expect(json.errors).toMatchObject([{ path: ['many'], extensions: { code: 'REST_REQUEST_LIMIT_EXCEEDED' } }]);
  });

  it('goes where the configuration says', async () => {
    const server = await gateway({ subgraphs: { stock: { url: `${rest.url}/elsewhere` } } });
    await server.ask('{ item(sku: 1) { sku } }');
    expect(sent()).toEqual(['GET /elsewhere/items/1']);
  });

  it('asks a stand-in when the service fails, and says so', async () => {
    const other = await startRestService(({ url }) => ({ body: { sku: url } }));
    try {
      rest.handler = () => ({ status: 503 });
      const server = await gateway({ fallback: { subgraphs: { stock: { url: `${other.url}/api` } } } });
      const { json } = await server.ask('{ item(sku: 1) { sku } }');
      expect(json.data).toEqual({ item: { sku: '/api/items/1' } });
    } finally {
      await other.close();
    }
  });
});

describe('what cannot be', () => {
  it.each([
    [{ typeDefs: 'type {', resolvers: {}, baseURL: 'http://a.test' }, /typeDefs cannot be parsed/],
    [{ typeDefs, resolvers: {}, baseURL: 'a.test' }, /baseURL must be an http or https URL/],
    [{ typeDefs, resolvers: {}, baseURL: 'file:///etc' }, /baseURL must be an http or https URL/],
    [{ typeDefs, resolvers: {}, baseURL: 'http://a:b@a.test' }, /no credentials/],
    [{ typeDefs, resolvers: {}, baseURL: 'http://a.test?x=1' }, /no query/],
  ])('is refused when it is defined', (options, message) => {
    expect(() => defineRestSubgraph(options)).toThrow(PorticoError);
    expect(() => defineRestSubgraph(options)).toThrow(message);
  });

  it.each([
    [{ typeDefs, resolverz: {}, baseURL: 'http://a.test' }, /there is no resolverz, only typeDefs, resolvers, baseURL/],
    [{ typeDefs, baseURL: 'http://a.test' }, /resolvers must be an object/],
    [{ typeDefs, resolvers: { Product: undefined }, baseURL: 'http://a.test' }, /resolvers.Product must be an object/],
  ])('is refused where no types help', (options, message) => {
    expect(() => defineRestSubgraph(options as never)).toThrow(message);
  });

  it('is refused at the start when resolvers do not fit the schema', async () => {
    const supergraphSdl = composeOnce([{ name: 'stock', url: '', sdl: typeDefs }]);
    const stock = defineRestSubgraph({ typeDefs, resolvers: { Product: { colour: () => 'red' } }, baseURL: rest.url });
    const starting = startLibraryServer(createInlineGateway({ supergraphSdl, restSubgraphs: { stock } }));
    await expect(starting).rejects.toThrow(
      /the subgraph stock cannot be built from its module: there is a resolver for Product.colour, which is not in typeDefs/,
    );
  });

  it('is refused at the start when the graph has no such subgraph', async () => {
    const supergraphSdl = composeOnce([{ name: 'stock', url: '', sdl: typeDefs }]);
    const other = defineRestSubgraph({ typeDefs, resolvers: {}, baseURL: rest.url });
    const starting = startLibraryServer(createInlineGateway({ supergraphSdl, restSubgraphs: { other } }));
    await expect(starting).rejects.toThrow(/the subgraph other is not in the supergraph/);
  });
});
