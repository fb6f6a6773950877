import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { notices, restFetches } from '../../src/base/telemetry/channels.js';
import type { Notice, RestFetch } from '../../src/base/telemetry/channels.js';
import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import { composeOnce } from '../../src/testing/prepareGraph.js';
import { graphqlSubgraph } from '../supergraph/connect/connectorSdl.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { readPage } from '../support/docBlocks.js';
import { startLibraryServer } from '../support/libraryServer.js';
import type { LibraryServer } from '../support/libraryServer.js';
import { startRestService } from '../support/restService.js';
import type { RestHandler, RestService } from '../support/restService.js';

let rest: RestService;
/** A GraphQL subgraph that answers `orders` with whatever the test says. */
let graphql: RestService;
let orders: unknown[] = [];
/** Gateways that several tests ask: making one takes a second. */
const open = new Map<string, Promise<LibraryServer>>();

beforeAll(async () => {
  rest = await startRestService(() => ({ status: 404 }));
  graphql = await startRestService(() => ({ body: { data: { orders } } }));
});
afterAll(async () => {
  for (const server of await Promise.all(open.values())) await server.stop();
  await Promise.all([rest.close(), graphql.close()]);
});
beforeEach(() => void (rest.seen.length = 0));

const HEAD = (version = '0.3') => `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@external", "@requires", "@shareable"])
  @link(url: "https://specs.apollo.dev/connect/v${version}", import: ["@connect", "@source"])
  @source(name: "api", http: { baseURL: "${rest.url}/api" })
`;

const { sdl: ordersSdl } = graphqlSubgraph(
  'orders',
  'type Query { orders: [Order!]! } type Order { product: Product } type Product @key(fields: "id") { id: ID }',
);

/** A gateway over connectors in a subgraph `rest`, and the GraphQL subgraph. */
function gatewayWith(lines: string, handler: RestHandler, options: GatewayOptions = {}): Promise<LibraryServer> {
  rest.handler = handler;
  const key = JSON.stringify([lines, options]);
  const known = open.get(key) ?? startGateway(lines, options);
  open.set(key, known);
  return known;
}

function startGateway(lines: string, options: GatewayOptions): Promise<LibraryServer> {
  const supergraphSdl = composeOnce([
    { name: 'rest', url: '', sdl: HEAD() + lines },
    { name: 'orders', url: graphql.url, sdl: ordersSdl },
  ]);
  return startLibraryServer(
    createInlineGateway({
      supergraphSdl,
      trafficShaping: { router: { timeout: '10s' }, all: { timeout: '5s' } },
      ...options,
    }),
  );
}

const user = `type Query { user(id: ID!): User @connect(source: "api", http: { GET: "/users/{$args.id}" }, selection: "id name tags { label }", entity: true) }
  type User { id: ID! name: String tags: [Tag] } type Tag { label: String }`;

describe('a connector of a root field', () => {
  it('sends one request and gives what its mapping makes of the answer', async () => {
    const server = await gatewayWith(user, () => ({
      body: { id: 7, name: 'Ada', tags: [{ label: 'a' }, null], secret: 1 },
    }));
    const { json } = await server.ask('{ user(id: "7") { who: name tags { label __typename } id } }');
    expect(json).toEqual({
      data: { user: { who: 'Ada', tags: [{ label: 'a', __typename: 'Tag' }, null], id: '7' } },
    });
    expect(rest.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/users/7']);
    expect(rest.seen[0]!.headers['accept']).toContain('application/json');
  });

  it('is asked once for each different set of arguments', async () => {
    const server = await gatewayWith(user, ({ url }) => ({ body: { id: url.slice(-1), name: url } }));
    const { json } = await server.ask('{ a: user(id: 1) { name } b: user(id: 2) { name } c: user(id: 1) { id } }');
    expect(json).toEqual({
      data: { a: { name: '/api/users/1' }, b: { name: '/api/users/2' }, c: { id: '1' } },
    });
    expect(rest.seen.map(({ url }) => url).toSorted()).toEqual(['/api/users/1', '/api/users/2']);
  });
});

describe('a supergraph that Apollo composed', () => {
  it('is served with its connectors: batches, sources, what the configuration says of the subgraph', async () => {
    orders = ['1', '2', '1'].map((id) => ({ product: { __typename: 'Product', id } }));
    rest.handler = answerBatch;
    const services = [
      { name: 'rest', url: 'none', typeDefs: parse(HEAD('0.2') + batch) },
      { name: 'orders', url: graphql.url, typeDefs: parse(ordersSdl) },
    ];
    const { supergraphSdl, errors } = composeServices(services);
    if (supergraphSdl === undefined) throw new AggregateError(errors);
    const settings: Omit<GatewayOptions, 'supergraphSdl'> = {
      headers: { subgraphs: { rest: { request: [{ propagate: { named: 'x-trace' } }] } } },
    };
    const server = await startLibraryServer(createInlineGateway({ supergraphSdl, ...settings }));
    const { json } = await server.ask('{ orders { product { stock } } }', { headers: { 'x-trace': 'abc' } });
    expect(json).toEqual({ data: { orders: [10, 20, 10].map((count) => ({ product: { stock: count } })) } });
    expect(rest.seen.map(({ method, url, body, headers }) => [method, url, body, headers['x-trace']])).toEqual([
      ['POST', '/api/stock', '{"ids":["1","2"]}', 'abc'],
    ]);
    await server.stop();
  });
});

describe('values stay in their place (encoding attacks)', () => {
  it.each([
    ['a path', '../../admin', '/api/users/..%2F..%2Fadmin'],
    ['a query string', '1?admin=true', '/api/users/1%3Fadmin%3Dtrue'],
    ['a fragment', '1#x', '/api/users/1%23x'],
    ['a host', '//evil.test/', '/api/users/%2F%2Fevil.test%2F'],
    ['a percent sign', '%2e%2e%2f', '/api/users/%252e%252e%252f'],
    ['a line break', 'a\r\nx-evil: 1', '/api/users/a%0D%0Ax-evil%3A%201'],
    ['a template', '{$config.key}', '/api/users/%7B%24config.key%7D'],
  ])('%s as an argument is one segment of the path', async (_, id, url) => {
    const server = await gatewayWith(user, () => ({ body: { id: 1, name: 'x' } }));
    await server.ask('query ($id: ID!) { user(id: $id) { name } }', { variables: { id } });
    expect(rest.seen.map((seen) => seen.url)).toEqual([url]);
    expect(rest.seen[0]!.headers).not.toHaveProperty('x-evil');
  });

  it.each(['..', '.', '%2e%2E', ''])(
    '%j as a segment is not sent at all, and the client learns no more',
    async (id) => {
      const server = await gatewayWith(user, () => ({ body: {} }));
      const { json } = await server.ask('query ($id: ID!) { user(id: $id) { name } }', { variables: { id } });
      if (id === '%2e%2E') {
        // The percent signs are encoded themselves: this is no dot.
        expect(rest.seen.map(({ url }) => url)).toEqual(['/api/users/%252e%252E']);
        return;
      }
      expect(rest.seen).toEqual([]);
      expect(json.data).toEqual({ user: null });
      expect(json.errors).toMatchObject([{ path: ['user'], extensions: { code: 'REST_REQUEST_INVALID' } }]);
      expect(JSON.stringify(json.errors)).not.toContain('api');
    },
  );
});

const stock = (
  connector: string,
): string => `type Query { ping: String @connect(source: "api", http: { GET: "/ping" }, selection: "$") }
  type Product @key(fields: "id") ${connector} { id: ID stock: Int }`;
const batch = stock(
  '@connect(source: "api", http: { POST: "/stock", body: "ids: $batch.id" }, batch: { maxSize: 500 }, selection: "id stock: count")',
);
const single = stock('@connect(source: "api", http: { GET: "/stock/{$this.id}" }, selection: "stock: count")');

const answerBatch: RestHandler = ({ body }) => {
  const { ids } = JSON.parse(body) as { ids: string[] };
  return { body: ids.toReversed().map((id) => ({ id: Number(id), count: Number(id) * 10 })) };
};

/** Answers each request when it is told to. */
async function startSlowService(waiting: Array<() => void>): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    waiting.push(() => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"count":1}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('look-ups of objects', () => {
  const ask = '{ orders { product { stock } } }';
  const thousand = Array.from({ length: 1000 }, (_, at) => ({
    product: { __typename: 'Product', id: String(at % 10) },
  }));
  const expected = thousand.map(({ product }) => ({ product: { stock: Number(product.id) * 10 } }));

  it('of 1,000 objects with 10 keys are one request where the service takes batches', async () => {
    orders = thousand;
    const server = await gatewayWith(batch, answerBatch);
    const fetches: RestFetch[] = [];
    const stop = restFetches.subscribe((fetch) => fetches.push(fetch));
    const { json } = await server.ask(ask);
    stop();
    expect(json).toEqual({ data: { orders: expected } });
    expect(rest.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /api/stock']);
    expect(fetches).toEqual([
      { subgraph: 'rest', source: 'rest.api', connector: 'Product', lookUps: 10, requests: 1, isBatched: true },
    ]);
  });

  it('of 1,000 objects with 10 keys are ten requests where it does not, and that can be seen', async () => {
    orders = thousand;
    const server = await gatewayWith(single, ({ url }) => ({ body: { count: Number(url.split('/').at(-1)) * 10 } }));
    const fetches: RestFetch[] = [];
    const stop = restFetches.subscribe((fetch) => fetches.push(fetch));
    const { json } = await server.ask(ask);
    stop();
    expect(json).toEqual({ data: { orders: expected } });
    expect(rest.seen).toHaveLength(10);
    expect(fetches).toMatchObject([{ lookUps: 10, requests: 10, isBatched: false }]);
  });

  it('are cut into batches of the size that the connector declares', async () => {
    orders = Array.from({ length: 7 }, (_, at) => ({ product: { __typename: 'Product', id: String(at) } }));
    const server = await gatewayWith(batch.replace('500', '3'), answerBatch);
    const { json } = await server.ask(ask);
    expect(json.errors).toBeUndefined();
    expect(rest.seen.map(({ body }) => (JSON.parse(body) as { ids: string[] }).ids)).toEqual([
      ['0', '1', '2'],
      ['3', '4', '5'],
      ['6'],
    ]);
  });

  it.each([
    ['a page', '<html>Sign in</html>', { 'content-type': 'text/html' }],
    ['an envelope that the selection does not know', { error: 'try later' }, {}],
  ])('of a batch that answers %s are not taken for none', async (_, body, headers) => {
    orders = ['1', '2'].map((id) => ({ product: { __typename: 'Product', id } }));
    const server = await gatewayWith(batch, () => ({ body, headers }));
    const { json } = await server.ask(ask);
    expect(json.data).toEqual({ orders: [{ product: { stock: null } }, { product: { stock: null } }] });
    expect(json.errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['SUBREQUEST_MALFORMED_RESPONSE']);
  });

  it.each([
    ['an empty list', []],
    ['nothing', null],
    ['one object where one is there', { id: 2, count: 20 }],
  ])('of a batch that answers %s have no errors', async (_, body) => {
    orders = ['1', '2'].map((id) => ({ product: { __typename: 'Product', id } }));
    const server = await gatewayWith(batch, () => ({ body }));
    const { json } = await server.ask(ask);
    const second = body !== null && 'count' in body ? 20 : null;
    expect(json).toEqual({ data: { orders: [{ product: { stock: null } }, { product: { stock: second } }] } });
  });

  it.each([
    ['404', { status: 404, body: { secret: 'internal' } }],
    ['500', { status: 500, body: 'stack trace' }],
    ['a body that cannot be read', { status: 200, body: '{"count": ' }],
  ] as const)('of which one fails (%s) give nine values and one located error', async (_, failure) => {
    orders = Array.from({ length: 10 }, (_each, at) => ({ product: { __typename: 'Product', id: String(at) } }));
    const server = await gatewayWith(single, ({ url }) =>
      url.endsWith('/4') ? failure : { body: { count: Number(url.at(-1)) } },
    );
    const { json } = await server.ask(ask);
    const values = (json.data!['orders'] as Array<{ product: { stock: number | null } }>).map(
      ({ product }) => product.stock,
    );
    expect(values).toEqual([0, 1, 2, 3, null, 5, 6, 7, 8, 9]);
    expect(json.errors).toHaveLength(1);
    expect(json.errors![0]!.path?.slice(0, 3)).toEqual(['orders', 4, 'product']);
    expect(JSON.stringify(json.errors)).not.toMatch(/secret|internal|stack|count/);
  });

  it('of which one hangs give nine values and one located error', async () => {
    orders = Array.from({ length: 10 }, (_, at) => ({ product: { __typename: 'Product', id: String(at) } }));
    const server = await gatewayWith(
      single,
      ({ url }) => (url.endsWith('/4') ? undefined : { body: { count: Number(url.at(-1)) } }),
      { trafficShaping: { router: { timeout: '10s' }, subgraphs: { rest: { timeout: '300ms' } } } },
    );
    const { json } = await server.ask(ask);
    const values = (json.data!['orders'] as Array<{ product: { stock: number | null } }>).map(
      ({ product }) => product.stock,
    );
    expect(values).toEqual([0, 1, 2, 3, null, 5, 6, 7, 8, 9]);
    expect(json.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }]);
  });

  it('run so many at a time as the configuration says', async () => {
    orders = Array.from({ length: 7 }, (_, at) => ({ product: { __typename: 'Product', id: String(at) } }));
    const waiting: Array<() => void> = [];
    const slow = await startSlowService(waiting);
    try {
      const server = await gatewayWith(
        single.replace('source: "api", http: { GET: "/stock', `http: { GET: "${slow.url}/stock`),
        () => ({ status: 404 }),
        {
          connectors: { parallel: 2 },
        },
      );
      const answering = server.ask(ask);
      const sizes: number[] = [];
      for (let left = 7; left > 0; left -= sizes.at(-1)!) {
        // oxlint-disable-next-line no-loop-func -- asked before the loop goes on
        await vi.waitUntil(() => waiting.length === Math.min(2, left), { interval: 2 });
        sizes.push(waiting.length);
        for (const answer of waiting.splice(0)) answer();
      }
      expect((await answering).json.errors).toBeUndefined();
      expect(sizes).toEqual([2, 2, 2, 1]);
    } finally {
      await slow.close();
    }
  });

  it('that all fail are one failure of the fetch', async () => {
    orders = thousand;
    const server = await gatewayWith(batch, () => ({ status: 500 }));
    const { json } = await server.ask(ask);
    expect(json.errors?.[0]).toMatchObject({ extensions: { code: 'SUBREQUEST_HTTP_ERROR' } });
    expect(
      (json.data!['orders'] as unknown[]).every((each) => JSON.stringify(each) === '{"product":{"stock":null}}'),
    ).toBe(true);
  });

  it('find nothing for what the answer leaves out, without an error', async () => {
    orders = [1, 2].map((id) => ({ product: { __typename: 'Product', id: String(id) } }));
    const server = await gatewayWith(batch, () => ({ body: [{ id: '2', count: 20 }, { id: '9', count: 1 }, null, 5] }));
    const { json } = await server.ask(ask);
    expect(json).toEqual({ data: { orders: [{ product: { stock: null } }, { product: { stock: 20 } }] } });
  });

  it('are not made for a key that is null', async () => {
    orders = [
      { product: { __typename: 'Product', id: null } },
      { product: { __typename: 'Product', id: '1' } },
      { product: null },
    ];
    const server = await gatewayWith(batch, answerBatch);
    const { json } = await server.ask(ask);
    expect(json.data).toEqual({
      orders: [{ product: { stock: null } }, { product: { stock: 10 } }, { product: null }],
    });
    expect(rest.seen.map(({ body }) => body)).toEqual(['{"ids":["1"]}']);
  });

  it('beyond the limit of an operation fail, and those before it do not', async () => {
    orders = Array.from({ length: 10 }, (_, at) => ({ product: { __typename: 'Product', id: String(at) } }));
    const server = await gatewayWith(single, () => ({ body: { count: 1 } }), {
      connectors: { sources: { 'rest.api': { maxRequestsPerOperation: 3 } } },
    });
    const { json } = await server.ask(ask);
    expect(rest.seen).toHaveLength(3);
    expect(json.errors).toHaveLength(7);
    expect(json.errors![0]!.extensions).toMatchObject({ code: 'REST_REQUEST_LIMIT_EXCEEDED' });
  });
});

describe('answers that are not as they should be', () => {
  it('lack fields: null, and an error where null may not be', async () => {
    const lines = `type Query { thing: Thing @connect(source: "api", http: { GET: "/t" }, selection: "a b c { d }") }
      type Thing { a: Int b: Int! c: Inner } type Inner { d: String }`;
    const server = await gatewayWith(lines, () => ({ body: { b: 1 } }));
    expect((await server.ask('{ thing { a b c { d } } }')).json).toEqual({
      data: { thing: { a: null, b: 1, c: null } },
    });
    rest.handler = () => ({ body: { a: 1 } });
    const { json } = await server.ask('{ thing { a b } }');
    expect(json).toMatchObject({ data: { thing: null }, errors: [{ path: ['thing', 'b'] }] });
  });

  it('have values of another type: an error at the field, and the rest stays', async () => {
    const lines = `type Query { thing: Thing @connect(source: "api", http: { GET: "/t" }, selection: "a b c { d } e") }
      type Thing { a: Int b: String c: Inner e: [Int] } type Inner { d: String }`;
    const server = await gatewayWith(lines, () => ({ body: { a: 'x', b: 'y', c: 5, e: 3 } }));
    const { json } = await server.ask('{ thing { a b c { d } e } }');
    expect(json.data).toEqual({ thing: { a: null, b: 'y', c: null, e: null } });
    expect(json.errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual(['thing.a', 'thing.c', 'thing.e']);
  });

  it('nest deeply', async () => {
    let body: unknown = 'end';
    for (let depth = 0; depth < 3000; depth++) body = { next: body };
    const lines =
      'type Query { deep: String @connect(source: "api", http: { GET: "/d" }, selection: "$.next->jsonStringify") }';
    const server = await gatewayWith(lines, () => ({ body }));
    const { json } = await server.ask('{ deep }');
    expect(json.data === null || 'deep' in json.data!).toBe(true);
  });

  it('are too large: refused at the ceiling of the subgraph', async () => {
    const server = await gatewayWith(user, () => ({ body: { id: 1, name: 'x'.repeat(5000) } }), {
      trafficShaping: { subgraphs: { rest: { maxResponseSize: '1KB' } } },
    });
    const { json } = await server.ask('{ user(id: 1) { name } }');
    expect(json).toMatchObject({
      data: { user: null },
      errors: [{ extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' } }],
    });
  });

  it('are XML', async () => {
    const lines = `type Query { rate(zone: String!): Rate @connect(source: "api", http: { GET: "/rates?zone={$args.zone}" }, selection: """
        $.rate { zone: $."@zone" cents: amount->parseInt }
      """) }
      type Rate { zone: String cents: Int }`;
    const server = await gatewayWith(lines, () => ({
      body: '<?xml version="1.0"?><rate zone="EU &amp; UK"><amount>490</amount></rate>',
      headers: { 'content-type': 'application/xml; charset=utf-8' },
    }));
    expect((await server.ask('{ rate(zone: "EU & UK") { zone cents } }')).json).toEqual({
      data: { rate: { zone: 'EU & UK', cents: 490 } },
    });
    expect(rest.seen[0]!.url).toBe('/api/rates?zone=EU%20%26%20UK');
  });

  it('come as errors that the connector words itself', async () => {
    const lines = `type Query { user(id: ID!): User @connect(
        source: "api", http: { GET: "/u" }, selection: "id"
        errors: { message: "$.error.text", extensions: "code: $.error.code status: $status" }) }
      type User { id: ID }`;
    const server = await gatewayWith(
      lines,
      () => ({ status: 422, body: { error: { text: 'No such user', code: 'NO_USER' } } }),
      {
        errors: { mask: false, allowExtensions: ['code', 'status'] },
      },
    );
    const { json } = await server.ask('{ user(id: 1) { id } }');
    expect(json).toMatchObject({
      data: { user: null },
      errors: [{ message: 'No such user', path: ['user'], extensions: { code: 'NO_USER', status: 422 } }],
    });
  });
});

describe('variables', () => {
  const lines = `type Query { thing(id: ID!): Thing @connect(source: "api"
      http: { GET: "/t/{$args.id}", headers: [{ name: "x-key", value: "{$config.key}" }, { name: "x-region", value: "{$env.REST_TEST_REGION}" }] }
      selection: """
      id
      args: $args.id
      config: $config.key
      env: $env.REST_TEST_REGION
      hidden: $env.REST_TEST_SECRET
      request: $request.headers."x-who"->first
      response: $response.headers."x-tag"->first
      status: $status
      """) }
    type Thing @key(fields: "id") { id: ID args: ID config: String env: String hidden: String request: String response: String status: Int
      this: String @connect(source: "api", http: { GET: "/this/{$this.id}" }, selection: "$([$this.id, id])->joinNotNull('-')") }`;

  it('are what the page says: of the call, the object, the settings, the environment, the client and the answer', async () => {
    vi.stubEnv('REST_TEST_REGION', 'eu');
    vi.stubEnv('REST_TEST_SECRET', 'not for SDL');
    const server = await gatewayWith(
      lines,
      ({ url }) => ({ status: 203, body: { id: url.slice(-1) }, headers: { 'x-tag': 'v1' } }),
      { connectors: { environment: ['REST_TEST_REGION'], sources: { 'rest.api': { config: { key: 'k1' } } } } },
    );
    vi.unstubAllEnvs();
    const { json } = await server.ask('{ thing(id: 7) { args config env hidden request response status this } }', {
      headers: { 'x-who': 'ada' },
    });
    expect(json).toEqual({
      data: {
        thing: {
          args: '7',
          config: 'k1',
          env: 'eu',
          hidden: null,
          request: 'ada',
          response: 'v1',
          status: 203,
          this: '7-7',
        },
      },
    });
    expect(rest.seen[0]!.headers).toMatchObject({ 'x-key': 'k1', 'x-region': 'eu' });
  });

  it('are all of the page: none is without a test', () => {
    const [, table] = /## Variables\n([^]*?)\n## /.exec(readPage('docs/rest-mapping.md'))!;
    const names = [...table!.matchAll(/^\| `(\$\w+)` \|/gm)].map(([, name]) => name);
    // `$batch` has its tests among the look-ups.
    const tested = new Set(
      [...`${lines} ${batch}`.matchAll(/\$(?:args|this|batch|config|env|request|response|status)\b/g)].map(
        ([name]) => name,
      ),
    );
    expect(new Set(names)).toEqual(tested);
  });

  it('of the answer decide what is a success', async () => {
    const judged = `type Query { ok: String @connect(source: "api", http: { GET: "/ok" }, selection: "$.x", isSuccess: "$status->in([200, 404])") }`;
    const server = await gatewayWith(judged, () => ({ status: 404, body: { x: 'fine' } }));
    expect((await server.ask('{ ok }')).json).toEqual({ data: { ok: 'fine' } });
    rest.handler = () => ({ status: 201, body: { x: 'other' } });
    expect((await server.ask('{ ok }')).json).toMatchObject({
      data: { ok: null },
      errors: [{ path: ['ok'], extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' } }],
    });
  });

  it('of the answer tell what is not there from what failed, as the page has it', async () => {
    const [, isSuccess, selection] = /`isSuccess: (".*?")` with\n {2}`selection: (".*?")`/.exec(
      readPage('docs/rest.md'),
    )!;
    const absent = `type Query { item(sku: ID!): Item @connect(source: "api", http: { GET: "/items/{$args.sku}" }, isSuccess: ${isSuccess}, selection: ${selection}) }
      type Item { sku: ID! units: Int }`;
    const server = await gatewayWith(absent, ({ url }) =>
      url.endsWith('/a') ? { body: { sku: 'a', units: 1 } } : { status: 404, body: { message: 'no' } },
    );
    const { json } = await server.ask('{ a: item(sku: "a") { sku units } b: item(sku: "b") { sku units } }');
    expect(json).toEqual({ data: { a: { sku: 'a', units: 1 }, b: null } });
  });

  it('make a form where the connector says that the body is one', async () => {
    const form = `type Query { ping: String @connect(source: "api", http: { GET: "/ping" }, selection: "$") }
      type Mutation { send(name: String!): String @connect(source: "api", selection: "$.x", http: { POST: "/form"
        headers: [{ name: "content-type", value: "application/x-www-form-urlencoded" }], body: "name: $args.name list: $([1, 2])" }) }`;
    const server = await gatewayWith(form, () => ({ body: { x: 'ok' } }));
    await server.ask('mutation { send(name: "a&b=c") }');
    expect(rest.seen.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
      ['name=a%26b%3Dc&list%5B0%5D=1&list%5B1%5D=2', 'application/x-www-form-urlencoded'],
    ]);
  });
});

describe('mutations', () => {
  const lines = `type Query { ping: String @connect(source: "api", http: { GET: "/ping" }, selection: "$") }
    type Mutation {
      order(id: ID!, count: Int = 2): Receipt @connect(source: "api", http: { POST: "/orders", body: "$args { id count }" }, selection: "left")
      drop(id: ID!): Receipt @connect(source: "api", http: { DELETE: "/orders/{$args.id}" }, selection: "left")
    }
    type Receipt { left: Int }`;

  it('send the body that their mapping makes, defaults of arguments included, one after another', async () => {
    const server = await gatewayWith(lines, () => ({ body: { left: 3 } }));
    const { json } = await server.ask(
      'mutation { order(id: 1) { left } drop(id: "a b") { left } again: order(id: 2, count: null) { left } }',
    );
    expect(json).toEqual({ data: { order: { left: 3 }, drop: { left: 3 }, again: { left: 3 } } });
    expect(rest.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/api/orders', '{"id":"1","count":2}'],
      ['DELETE', '/api/orders/a%20b', ''],
      ['POST', '/api/orders', '{"id":"2","count":null}'],
    ]);
    expect(rest.seen[0]!.headers['content-type']).toBe('application/json');
  });

  it('fill in defaults of input objects, whoever leaves their fields out', async () => {
    const input = `type Query { ping: String @connect(source: "api", http: { GET: "/ping" }, selection: "$") }
      type Mutation { put(at: Place = {}): Receipt @connect(source: "api", http: { PUT: "/p", body: "$args.at" }, selection: "left") }
      input Place { city: String = "Ulm" inner: Inner = {} id: ID } input Inner { n: Int = 3 m: Int } type Receipt { left: Int }`;
    const server = await gatewayWith(input, () => ({ body: { left: 1 } }));
    await server.ask('mutation { put { left } }');
    await server.ask('mutation { put(at: { id: 1, inner: { m: 2 } }) { left } }');
    await server.ask('mutation ($at: Place) { put(at: $at) { left } }', { variables: { at: { city: null } } });
    expect(rest.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { city: 'Ulm', inner: { n: 3 } },
      { city: 'Ulm', inner: { n: 3, m: 2 }, id: '1' },
      { city: null, inner: { n: 3 } },
    ]);
  });

  it('are never sent twice', async () => {
    const server = await gatewayWith(lines, () => ({ status: 503 }));
    await server.ask('mutation { order(id: 1) { left } }');
    expect(rest.seen).toHaveLength(1);
  });
});

describe('calls go through what stands around every subgraph', () => {
  it('repeats GET, and nothing else', async () => {
    const server = await gatewayWith(
      `type Query {
        get: String @connect(source: "api", http: { GET: "/get" }, selection: "$.x")
        post: String @connect(source: "api", http: { POST: "/post", body: "a: 'b'" }, selection: "$.x")
      }`.replace(`"a: 'b'"`, '"a: $(1)"'),
      ({ url }) =>
        rest.seen.filter((seen) => seen.url === url).length === 1 ? { status: 503 } : { body: { x: 'ok' } },
    );
    const { json } = await server.ask('{ get post }');
    expect(json.data).toEqual({ get: 'ok', post: null });
    expect(rest.seen.map(({ url }) => url).toSorted()).toEqual(['/api/get', '/api/get', '/api/post']);
  });

  it('opens a breaker per source', async () => {
    const other = await startRestService(() => ({ body: { x: 'fine' } }));
    try {
      const lines = `extend schema @source(name: "other", http: { baseURL: "${other.url}" })
        type Query {
          bad: String @connect(source: "api", http: { GET: "/bad" }, selection: "$.x")
          good: String @connect(source: "other", http: { GET: "/good" }, selection: "$.x")
        }`;
      const server = await gatewayWith(lines, () => ({ status: 500 }), {
        trafficShaping: {
          all: { circuitBreaker: { volumeThreshold: 5, errorThreshold: 50 }, retry: { maxAttempts: 1 } },
        },
      });
      for (let at = 0; at < 8; at++) await server.ask(`{ bad good n${at}: __typename }`);
      const { json } = await server.ask('{ bad good }');
      expect(json).toMatchObject({
        data: { bad: null, good: 'fine' },
        errors: [{ extensions: { code: 'SUBGRAPH_CIRCUIT_OPEN' } }],
      });
      expect(rest.seen.length).toBeLessThan(8);
    } finally {
      await other.close();
    }
  });

  it('sends headers of rules, of connectors and of sources, and none of the client that nobody names', async () => {
    const lines = `type Query { me: String @connect(source: "api", http: { GET: "/me", headers: [
        { name: "x-tenant", from: "tenant" }
        { name: "authorization", value: "Bearer {$config.token}" }
        { name: "x-echo", value: "{$request.headers.lang->first}" }
      ] }, selection: "$.x") }`;
    const server = await gatewayWith(lines, () => ({ body: { x: 'ok' } }), {
      headers: { all: { request: [{ propagate: { named: 'x-trace' } }] } },
      connectors: { sources: { 'rest.api': { config: { token: 's3cret' } } } },
    });
    const headers = { tenant: 't1', lang: 'de', 'x-trace': 'abc', cookie: 'session=1', 'x-other': 'no' };
    const { json } = await server.ask('{ me }', { headers });
    expect(json).toEqual({ data: { me: 'ok' } });
    const sent = rest.seen[0]!.headers;
    expect(sent).toMatchObject({ 'x-tenant': 't1', authorization: 'Bearer s3cret', 'x-echo': 'de', 'x-trace': 'abc' });
    for (const name of ['tenant', 'lang', 'cookie', 'x-other']) expect(sent).not.toHaveProperty(name);
  });

  it('lets nobody put a second header into one', async () => {
    const lines = `type Query { me(lang: String): String @connect(source: "api", http: { GET: "/me", headers: [
        { name: "x-lang", value: "{$args.lang}" } ] }, selection: "$.x") }`;
    const server = await gatewayWith(lines, () => ({ body: { x: 'ok' } }));
    const { json } = await server.ask('query ($lang: String) { me(lang: $lang) }', {
      variables: { lang: 'de\r\nx-evil: 1' },
    });
    expect(json.errors).toMatchObject([{ extensions: { code: 'REST_REQUEST_INVALID' } }]);
    expect(rest.seen).toEqual([]);
  });

  it('goes where the configuration says', async () => {
    const server = await gatewayWith(user, () => ({ body: { id: 1, name: 'moved' } }), {
      subgraphs: { rest: { url: `${rest.url}/elsewhere` } },
    });
    expect((await server.ask('{ user(id: 1) { name } }')).json).toEqual({ data: { user: { name: 'moved' } } });
    expect(rest.seen[0]!.url).toBe('/elsewhere/users/1');
  });
});

describe('a stand-in of a REST service', () => {
  let other: RestService;
  beforeAll(async () => void (other = await startRestService(() => ({ body: { id: 1, name: 'stand-in' } }))));
  afterAll(() => other.close());
  beforeEach(() => void (other.seen.length = 0));

  it('is asked when the service fails, at the same path, and the answer says so', async () => {
    const settings = { fallback: { subgraphs: { rest: { url: `${other.url}/api` } } } };
    const server = await gatewayWith(user, () => ({ status: 503 }), settings);
    const { json } = await server.ask('{ user(id: 1) { name } }');
    expect(json).toMatchObject({
      data: { user: { name: 'stand-in' } },
      extensions: { degraded: expect.anything() as unknown },
    });
    expect(other.seen.map(({ url }) => url)).toEqual(['/api/users/1']);
  });

  it('is not asked for what the service does not have', async () => {
    const settings = { fallback: { subgraphs: { rest: { url: `${other.url}/api` } } } };
    const server = await gatewayWith(user, () => ({ status: 404 }), settings);
    const { json } = await server.ask('{ user(id: 1) { name } }');
    expect(json.errors).toMatchObject([{ extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }]);
    expect(other.seen).toEqual([]);
  });

  it.each([
    ['another path', user, '', /must have the path of the REST service that it stands in for, \/api$/],
    [
      'several sources',
      `extend schema @source(name: "other", http: { baseURL: "http://other.test/api" })
        ${user.replace('type User', 'extend type Query { b: String @connect(source: "other", http: { GET: "/b" }, selection: "$.b") } type User')}`,
      '/api',
      /cannot stand in for a REST service with several sources$/,
    ],
  ])('is refused for %s', async (_, lines, path, message) => {
    const settings = { fallback: { subgraphs: { rest: { url: `${other.url}${path}` } } } };
    await expect(startGateway(lines, settings)).rejects.toThrow(message);
  });
});

describe('answers against an OpenAPI document', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-openapi-'));
    file = join(folder, 'openapi.yaml');
    await writeFile(
      file,
      `openapi: 3.1.0
info: { title: Users, version: "1" }
paths:
  /users/{id}:
    get:
      responses:
        "200": { description: ok, content: { application/json: { schema: { type: object, properties: { name: { type: string } } } } } }
`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const settings = (validateResponses?: 'warn'): GatewayOptions => ({
    connectors: { sources: { 'rest.api': { openapi: { file, ...(validateResponses && { validateResponses }) } } } },
  });

  it('that do not fit are an error at their place, and say nothing more', async () => {
    const server = await gatewayWith(
      user,
      ({ url }) => ({ body: { id: 1, name: url.endsWith('/2') ? 42 : 'Ada' } }),
      settings(),
    );
    const { json } = await server.ask('{ good: user(id: 1) { name } bad: user(id: 2) { name } }');
    expect(json).toMatchObject({
      data: { good: { name: 'Ada' }, bad: null },
      errors: [{ path: ['bad'], extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' } }],
    });
    expect(JSON.stringify(json.errors)).not.toMatch(/OpenAPI|string|users/);
  });

  it('that do not fit are used, and told once, where that is asked for', async () => {
    const told: Notice[] = [];
    const stop = notices.subscribe((notice) => told.push(notice));
    const server = await gatewayWith(user, () => ({ body: { id: 1, name: 'Ada', tags: 1 } }), settings('warn'));
    rest.handler = () => ({ body: { id: 1, name: 5 } });
    await server.ask('{ user(id: 3) { id } }');
    expect((await server.ask('{ user(id: 4) { id } }')).json).toEqual({ data: { user: { id: '1' } } });
    stop();
    const messages = told.filter(({ level }) => level === 'warn').map(({ message }) => message);
    expect(messages).toEqual([
      'rest does not answer as its OpenAPI document says: GET /users/{id} 200: /name must be string',
    ]);
  });

  it('need a document that can be read', async () => {
    await writeFile(join(folder, 'wrong.yaml'), 'swagger: "2.0"\ninfo: { title: a, version: "1" }\npaths: {}\n');
    const wrong = { connectors: { sources: { 'rest.api': { openapi: { file: join(folder, 'wrong.yaml') } } } } };
    await expect(startGateway(user, wrong)).rejects.toThrow(
      /connectors\.sources\.rest\.api\.openapi: .*no OpenAPI 3\.0 or 3\.1/,
    );
  });
});

describe('objects inside answers', () => {
  it('are looked up for what the answer does not have of them', async () => {
    const lines = `type Query { user(id: ID!): User @connect(source: "api", http: { GET: "/users/{$args.id}" }, selection: "id name best { id }", entity: true) }
      type User { id: ID! name: String best: User }`;
    const server = await gatewayWith(lines, ({ url }) => ({
      body: { id: url.at(-1), name: `user ${url.at(-1)}`, best: { id: Number(url.at(-1)) + 1 } },
    }));
    const { json } = await server.ask('{ user(id: 1) { name best { name best { id name } } } }');
    expect(json).toEqual({
      data: { user: { name: 'user 1', best: { name: 'user 2', best: { id: '3', name: 'user 3' } } } },
    });
  });

  it('say what they are where the graph has an interface or a union', async () => {
    const lines = `type Query { media: [Media!]! @connect(source: "api", http: { GET: "/media" }, selection: """
        id
        __typename: kind->match(["b", "Book"], ["f", "Film"])
        pages
        minutes
      """) }
      interface Media { id: ID! } type Book implements Media { id: ID! pages: Int } type Film implements Media { id: ID! minutes: Int }`;
    const server = await gatewayWith(lines, () => ({
      body: [
        { id: 1, kind: 'b', pages: 10 },
        { id: 2, kind: 'f', minutes: 90 },
      ],
    }));
    const { json } = await server.ask('{ media { id ... on Book { pages } ... on Film { minutes __typename } } }');
    expect(json).toEqual({
      data: {
        media: [
          { id: '1', pages: 10 },
          { id: '2', minutes: 90, __typename: 'Film' },
        ],
      },
    });
  });
});
