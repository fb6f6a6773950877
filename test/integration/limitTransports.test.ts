import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApolloServer, HeaderMap } from '@apollo/server';
import { afterEach, describe, expect, test } from 'vitest';

import { createInlineGateway } from '../support/inlineGateway.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { handClock } from '../support/handClock.js';
import {
  askLimited,
  LIMITED_RESOLVERS,
  LIMITED_SCHEMA,
  readLimited,
  startLimitedGateway,
} from '../support/limitedGateway.js';
import type { LimitedAnswer, LimitedGateway, LimitedSettings } from '../support/limitedGateway.js';
import { startLibraryServer } from '../support/libraryServer.js';
import { runPortico } from '../support/runPortico.js';

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(settings?: LimitedSettings, clock = handClock()): Promise<LimitedGateway> {
  const gateway = await startLimitedGateway(settings, clock);
  closing.push(() => gateway.close());
  return gateway;
}

async function startShop(): Promise<GraphServers> {
  const shop = await startGraphServers({ shop: { typeDefs: LIMITED_SCHEMA, resolvers: LIMITED_RESOLVERS } });
  closing.push(() => shop.close());
  return shop;
}

const SEARCH = '{ search(q: "x") }';
const refusal = { status: 200, code: 'RATE_LIMITED', json: { data: null, errors: [{ message: 'Slow down' }] } };

describe('a limit counts the same thing', () => {
  test('RL-01 by POST, by GET and by the hash of a persisted query: all three are one caller', async () => {
    const { url, ask } = await start();
    const get = async (query: Record<string, string>): Promise<LimitedAnswer> =>
      readLimited(
        await fetch(`${url}?${new URLSearchParams(query)}`, { headers: { 'apollo-require-preflight': '1' } }),
      );
    const sha256Hash = createHash('sha256').update(SEARCH).digest('hex');
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
    expect((await ask(SEARCH)).code).toBeUndefined();
    expect((await get({ query: SEARCH })).code).toBeUndefined();
    // The hash alone is not known yet: nothing is executed, and nothing counted.
    expect((await get({ extensions })).code).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect((await get({ query: SEARCH, extensions })).code).toBeUndefined();
    expect((await get({ extensions })).code).toBeUndefined();
    expect((await get({ extensions })).code).toBeUndefined();
    for (const answer of [await get({ extensions }), await get({ query: SEARCH }), await ask(SEARCH)])
      expect(answer).toMatchObject(refusal);
  });

  test('RL-03, RL-05 in aliases, fragments, variables, lists and conditions', async () => {
    const { ask, calls } = await start();
    const many = await ask('{ a: many(ids: [1, 2]) b: many(ids: [3]) c: many(ids: [4, 5]) d: many(ids: [6]) }');
    expect(many.json.data).toEqual({ a: 1, b: 1, c: null, d: 1 });
    const query = `query { ...F ... on Query { s3: search(q: "3") } off: search(q: "x") @skip(if: true) ... @include(if: false) { no: search } }
      fragment F on Query { s1: search(q: "1") s2: search(q: "2") ...G } fragment G on Query { s4: search(q: "4") s5: search(q: "5") s6: search(q: "6") }`;
    const spread = await ask(query);
    expect(Object.values(spread.json.data ?? {}).filter((value) => value === null)).toHaveLength(1);
    expect(spread.json.errors).toHaveLength(1);
    expect(calls.map(({ text }) => text.match(/search\(/g)?.length ?? 0)).toEqual([0, 5]);
  });

  test('RL-02 in an Apollo Server of the user, also in batches', async () => {
    const { supergraphSdl } = await startShop();
    const gateway = createInlineGateway({ supergraphSdl, rateLimit: {} });
    const server = await startLibraryServer(gateway);
    closing.push(() => server.stop());
    const codes: unknown[] = [];
    for (let at = 0; at < 4; at++) codes.push((await server.ask(SEARCH)).json.errors?.[0]?.extensions['code']);
    expect(codes).toEqual(new Array(4).fill(undefined));

    const batching = new ApolloServer({ gateway, allowBatchedHttpRequests: true, stopOnTerminationSignals: false });
    await batching.start();
    closing.push(() => batching.stop());
    const { body } = await batching.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap([['content-type', 'application/json']]),
        search: '',
        body: [{ query: SEARCH }, { query: `query B ${SEARCH}` }, { query: '{ free }' }],
      },
      context: async () => ({}),
    });
    if (body.kind !== 'complete') throw new Error('not complete');
    const answers = JSON.parse(body.string) as Array<{ data: unknown; errors?: unknown[] }>;
    expect(answers.filter(({ errors }) => errors !== undefined)).toHaveLength(1);
    expect(answers[2]!.data).toEqual({ free: 'free' });
  });

  test('in all serving processes of a machine, which ask the primary', { timeout: 240_000 }, async () => {
    const stock = {
      typeDefs: 'type Query { items: [Item] } type Item { id: ID }',
      resolvers: { Query: { items: () => [{}] } },
    };
    const servers = await startGraphServers({
      shop: { typeDefs: LIMITED_SCHEMA, resolvers: LIMITED_RESOLVERS },
      stock,
    });
    closing.push(() => servers.close());
    const { supergraphSdl, received } = servers;
    const folder = mkdtempSync(join(tmpdir(), 'portico-limits-'));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'supergraph.graphql'), supergraphSdl);
    writeFileSync(
      join(folder, 'portico.yaml'),
      `server: { workers: 2, port: 0 }
supergraph: { file: supergraph.graphql }
demand_control: { enabled: true }
rate_limit:
  storage: { timeout: 5s }
  policies:
    - { name: all, max: 40, window: 1h, by: ["header:x-who"] }
    - { name: points, max: 100, window: 1h, counts: cost, operations: [Items] }
traffic_shaping: { subgraphs: { shop: { global_rate_limit: { capacity: 8, interval: 1h } } } }
`,
    );
    const portico = runPortico(['start', '--config', 'portico.yaml'], folder);
    closing.push(() => portico.child.kill('SIGKILL'));
    const url = await portico.url();
    await expect.poll(() => portico.serving().length, { timeout: 60_000 }).toBe(2);
    const logins = await Promise.all(
      Array.from({ length: 30 }, () =>
        askLimited(url, 'mutation { login(email: "ada@example.org") }', { connection: 'close' }),
      ),
    );
    expect(logins.filter(({ code }) => code === undefined)).toHaveLength(5);
    expect(received.filter(({ query }) => query.includes('login'))).toHaveLength(5);
    const rest = await Promise.all(
      Array.from({ length: 20 }, (_, at) => askLimited(url, `{ free one(at: ${at}) }`, { connection: 'close' })),
    );
    // Of forty operations thirty are spent, and of the eight calls of the subgraph's ceiling five.
    expect(rest.filter(({ status }) => status === 429)).toHaveLength(10);
    expect(rest.filter(({ code }) => code === 'SUBGRAPH_RATE_LIMITED')).toHaveLength(7);
    expect(received).toHaveLength(8);
    expect(rest.find(({ status }) => status === 429)!.headers.get('retry-after')).toMatch(/^\d+$/);
    // Ten points are taken before, of which nine are given back when one item has come: to whichever process the next request goes.
    let asked = 0;
    const unexplained = async (): Promise<number> => {
      const { headers } = await askLimited(url, 'query Items { items { id } }', {
        connection: 'close',
        'x-who': 'stock',
      });
      const left = Number(/"points";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
      return 100 - asked++ - 10 - left;
    };
    for (let at = 0; at < 6; at++) await unexplained();
    await expect.poll(unexplained, { timeout: 20_000 }).toBe(0);
    portico.child.kill('SIGTERM');
    await portico.exit;
  });
});

describe('an answer over HTTP', () => {
  test('RL-17, RL-18 says 429 with Retry-After for an operation, and in extensions for a field; nothing of keys or others', async () => {
    const policies = [{ name: 'all', max: 7, window: '1m', by: ['header:x-client'] }];
    const { ask } = await start({ rateLimit: { policies, extensions: true, storage: { keyPrefix: 'secret:' } } });
    const me = { 'x-client': 'ada-of-acme' };
    for (let left = 5; left > 0; left--) await ask(SEARCH, me);
    const field = await ask(`{ free search(q: "x") }`, me);
    expect(field).toMatchObject({ status: 200, json: { data: { free: 'free', search: null } } });
    expect(field.json.errors![0]).toMatchObject({ path: ['search'], extensions: { retryAfter: 3600 } });
    expect(field.headers.get('retry-after')).toBeNull();
    await ask('{ free }', me);
    const whole = await ask('{ free }', me);
    expect(whole).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(whole.json).not.toHaveProperty('data');
    expect(whole.headers.get('retry-after')).toBe('60');
    expect(whole.headers.get('ratelimit')).toBe('"all";r=0;t=60');
    const other = await ask('{ free }', { 'x-client': 'grace' });
    expect(other.headers.get('ratelimit')).toBe('"all";r=6;t=60');
    for (const { headers, json } of [field, whole, other])
      expect(JSON.stringify([[...headers], json])).not.toMatch(/ada|acme|grace|secret:|127\.0\.0\.1/);
  });

  test('RL-06 is for the client that a trusted proxy names; what others write into the header changes nothing', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const trusting = await start({ server: { trustedProxies: ['127.0.0.1'] } });
    expect(await trusting.passes(6, SEARCH, from('1.1.1.1, 203.0.113.7'))).toBe(5);
    expect(await trusting.passes(1, SEARCH, from('9.9.9.9, ::ffff:203.0.113.7'))).toBe(0);
    expect(await trusting.passes(6, SEARCH, from('2001:db8::1'))).toBe(5);
    expect(await trusting.passes(1, SEARCH, from('2001:db8::ffff:2'))).toBe(0);
    expect(await trusting.passes(1, SEARCH, from('2001:db8:0:1::1'))).toBe(1);
    const plain = await start();
    let passed = 0;
    for (let at = 0; at < 8; at++) passed += await plain.passes(1, SEARCH, from(`203.0.113.${at}`));
    expect(passed).toBe(5);
  });
});

describe('a reload', () => {
  test('keeps what was counted, and takes other numbers over', async () => {
    const { ask, apply, passes } = await start();
    expect(await passes(3, SEARCH)).toBe(3);
    await apply({ limits: { maxAliases: 3 } });
    expect(await passes(5, SEARCH)).toBe(2);
    await apply({ rateLimit: { policies: [{ name: 'all', max: 0, window: '1m' }] } });
    expect((await ask('{ free }')).status).toBe(429);
    await apply({ rateLimit: {} });
    expect((await ask('{ free }')).status).toBe(200);
    expect((await ask(SEARCH)).code).toBe('RATE_LIMITED');
  });

  test('keeps what a ceiling of a subgraph has counted', async () => {
    const settings: LimitedSettings = { trafficShaping: { all: { globalRateLimit: { capacity: 2, interval: '1m' } } } };
    const { ask, apply, calls } = await start(settings);
    await ask('{ one(at: 1) }');
    await apply({ ...settings, limits: { maxAliases: 3 } });
    expect((await ask('{ one(at: 2) }')).code).toBeUndefined();
    const refused = await ask('{ one(at: 3) __typename }');
    expect(refused).toMatchObject({
      status: 200,
      code: 'SUBGRAPH_RATE_LIMITED',
      json: { data: { one: null, __typename: 'Query' } },
    });
    expect(refused.json.errors![0]!.message).toBe('A service is asked too often at the moment');
    expect(calls).toHaveLength(2);
  });
});
