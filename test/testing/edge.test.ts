import { jwtVerify, createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createTestGateway } from '../../src/testing/createTestGateway.js';
import { createTestIssuer } from '../../src/testing/identity/createTestIssuer.js';
import { fakeClock } from '../../src/testing/clock/FakeClock.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';
import { shelf } from '../support/graphs/shelf.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await createTestGateway({
    subgraphs: shelf,
    settings: {
      cors: { policies: [{ origins: ['https://shop.test'] }] },
      server: { maxRequestBodySize: '1kB' },
      headers: { all: { request: [{ propagate: { named: 'authorization' } }] } },
    },
  });
});
beforeEach(() => gateway.reset());
afterAll(() => gateway.close());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  gateway.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('fetch', () => {
  it('gives what a socket would: status, head and body', async () => {
    const response = await post({ query: '{ book { title } }' }, { 'x-request-id': 'mine' });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toBe('mine');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.json()).toEqual({ data: { book: { title: 'Emma' } } });
    expect(gateway.lastRequest).toMatchObject({ query: '{ book { title } }', status: 200 });
    expect(gateway.lastRequest.headers['x-request-id']).toBe('mine');
  });

  it('takes GET, and prevents cross-site requests', async () => {
    const url = '/graphql?query={book{title}}';
    expect((await gateway.fetch(url)).status).toBe(400);
    const response = await gateway.fetch(new Request(`https://api.test${url}`), {
      headers: { 'x-requested-with': 'x' },
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
    const asked = await gateway.fetch(url, { headers: { 'apollo-require-preflight': 'true' } });
    expect(await asked.json()).toEqual({ data: { book: { title: 'Emma' } } });
  });

  it('answers preflights, and other origins only as CORS says', async () => {
    const preflight = await gateway.fetch('/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.test', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.test');
    const other = await post({ query: '{ book { title } }' }, { origin: 'https://evil.test' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['too long a body', () => post({ query: `{ a${' '.repeat(2000)} }` }), 413],
    ['no JSON', () => post('{"query":'), 400],
    [
      'another type',
      () => post('{}', { 'content-type': 'text/plain', 'x-requested-with': 'x', 'apollo-require-preflight': 'true' }),
      415,
    ],
    ['no type that it speaks', () => post({ query: '{ a }' }, { accept: 'text/html' }), 406],
    ['another method', () => gateway.fetch('/graphql', { method: 'DELETE', headers: { 'x-a': 'b' } }), 405],
    ['another path', () => gateway.fetch('/nothing'), 404],
    ['an invalid document', () => post({ query: '{ nothing }' }, { accept: 'application/graphql-response+json' }), 400],
  ])('refuses %s', async (_what, ask, status) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
  });

  it('knows health and readiness', async () => {
    expect(await (await gateway.fetch('/health')).json()).toMatchObject({ status: 'ok' });
    expect(await (await gateway.fetch('/ready')).json()).toMatchObject({ status: 'ready' });
    expect((await gateway.fetch('/ready', { method: 'HEAD' })).status).toBe(200);
  });

  it('ends when its signal says so', async () => {
    gateway.subgraph('books').hang();
    const leaving = new AbortController();
    const response = gateway.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ book { title } }"}',
      signal: leaving.signal,
    });
    while (gateway.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    leaving.abort(new Error('gone'));
    await expect(response).rejects.toThrow('gone');
  });
});

describe('as', () => {
  it('says on whose behalf a request runs', async () => {
    const ada = gateway.as({ sub: 'ada', scopes: 'b a', plan: 'pro', tenant: 'acme', claims: { email: 'a@b.c' } });
    await ada.execute('{ book { title } }');
    const { identity } = gateway.lastRequest;
    expect(identity).toMatchObject({ kind: 'jwt', subject: 'ada', plan: 'pro', tenant: 'acme' });
    expect([...identity!.scopes]).toEqual(['a', 'b']);
    expect({ ...identity!.claims }).toEqual({ sub: 'ada', iss: 'https://issuer.test', scope: 'a b', email: 'a@b.c' });
    expect(Object.isFrozen(identity!.claims)).toBe(true);
    const response = await gateway.as({ sub: 'eve' }).fetch('/graphql?query={book{title}}');
    expect(response.status).toBe(400);
    expect(gateway.lastRequest.identity?.subject).toBe('eve');
    expect(gateway.as({ sub: 'x' })).not.toBe(ada);
    await gateway.execute('{ book { title } }');
    expect(gateway.lastRequest.identity).toMatchObject({ kind: 'anonymous', subject: undefined });
  });

  it('tells identities apart by everything that they hold', async () => {
    const keys = new Set<string>();
    for (const who of [{}, { sub: 'a' }, { plan: 'a' }, { tenant: 'a' }, { scopes: ['a'] }, { claims: { a: 1 } }]) {
      await gateway.as(who).execute('{ book { title } }');
      keys.add(gateway.lastRequest.identity!.key);
    }
    expect(keys.size).toBe(6);
  });
});

describe('createTestIssuer', () => {
  it('signs tokens that its keys verify, before and after a rotation', async () => {
    const clock = fakeClock();
    const issuer = await createTestIssuer({ audience: 'shop', clock });
    const old = await issuer.sign({ sub: 'ada', scopes: ['a', 'b'] });
    await issuer.rotate();
    const { authorization } = await issuer.headers({ sub: 'eve' }, { expiresInSeconds: -60 });
    const keys = createLocalJWKSet(issuer.jwks);
    const options = { issuer: issuer.issuer, audience: 'shop', currentDate: new Date(clock.now()) };
    const { payload, protectedHeader } = await jwtVerify(old, keys, options);
    expect(payload).toMatchObject({ sub: 'ada', scope: 'a b', exp: clock.now() / 1000 + 300 });
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'test-key-1' });
    await expect(jwtVerify(authorization.slice(7), keys, options)).rejects.toThrow('"exp" claim');
    expect(issuer.jwks.keys.map(({ kid, d }) => [kid, d])).toEqual([
      ['test-key-2', undefined],
      ['test-key-1', undefined],
    ]);
  });
});

describe('as and @authenticated', () => {
  it('is enough for fields that ask for a scope, without any token', async () => {
    await using guarded = await createTestGateway({
      subgraphs: { a: 'type Query { open: Int closed: Int @requiresScopes(scopes: [["read"]]) }' },
    });
    const query = '{ open closed }';
    expect((await guarded.as({ scopes: ['read'] }).execute(query)).errors).toBeUndefined();
    const refused = await guarded.execute(query);
    expect(refused.data?.['closed'] ?? null).toBeNull();
    expect(refused.errors).toHaveLength(1);
  });
});
