import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { rawHttp } from '../support/rawHttp.js';
import { fakeGateway } from '../support/fakeGateway.js';
import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

const hello = '{ hello }';
const preflight = { 'apollo-require-preflight': 'yes' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the HTTP edge', () => {
  let edge: Edge;
  let executions = 0;
  beforeAll(async () => {
    const rootValue = {
      hello: () => (executions++, 'world'),
      touch: () => (executions++, 1),
    };
    edge = await startEdge({ gateway: fakeGateway({ rootValue }) });
  });
  afterAll(() => edge.close());

  const get = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${edge.url}?${new URLSearchParams(parameters)}`, { headers });
  const post = (body: string | Buffer, headers: Record<string, string>) =>
    fetch(edge.url, { method: 'POST', headers, body });
  const code = async (response: Response) =>
    ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

  it('answers a POST', async () => {
    const { status, json, headers } = await edge.post({ query: hello });
    expect({ status, json }).toEqual({ status: 200, json: { data: { hello: 'world' } } });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('answers a GET only with a header that a foreign page cannot set (HTTP-01)', async () => {
    const bare = await get({ query: hello });
    expect(bare.status).toBe(400);
    expect(await code(bare)).toBe('BAD_REQUEST');
    expect((await get({ query: hello }, { 'x-apollo-operation-name': 'x' })).status).toBe(200);
    expect((await get({ query: hello }, preflight)).status).toBe(200);
  });

  it.each(['message/rfc822', 'text/plain', 'application/graphql', ';;;', 'application/json; charset=utf-16'])(
    'refuses a GET with content-type %s (HTTP-02)',
    async (contentType) => {
      const before = executions;
      const response = await get({ query: hello }, { 'content-type': contentType, ...preflight });
      expect([response.status, await code(response)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      expect(executions).toBe(before);
    },
  );

  it('never runs a mutation by GET, plain or as a persisted query (HTTP-04)', async () => {
    const query = 'mutation { touch }';
    const before = executions;
    const response = await get({ query }, preflight);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    const persistedQuery = { version: 1, sha256Hash: sha256(query) };
    expect((await edge.post({ query, extensions: { persistedQuery } })).json.data).toEqual({ touch: 1 });
    const hashed = await get({ extensions: JSON.stringify({ persistedQuery }) }, preflight);
    expect(hashed.status).toBe(405);
    expect(executions).toBe(before + 1);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
    'refuses a POST that a form could send: %s',
    async (contentType) => {
      const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
      const body = JSON.stringify({ query: hello });
      expect((await post(Buffer.from(body), headers)).status).toBe(400);
      expect((await post(Buffer.from(body), { ...headers, ...preflight })).status).toBe(415);
    },
  );

  it.each([
    'application/graphql',
    'application/xml',
    'json',
    'application/json; charset=utf-16',
    'application/json;charset="cp1252"',
  ])('refuses a body of type %s (HTTP-10)', async (contentType) => {
    const response = await post(JSON.stringify({ query: hello }), { 'content-type': contentType });
    expect([response.status, await code(response)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'APPLICATION/JSON',
  ])('takes a body of type %s', async (contentType) => {
    expect((await post(JSON.stringify({ query: hello }), { 'content-type': contentType })).status).toBe(200);
  });

  it.each([
    ['nothing', ''],
    ['half an object', '{"query":'],
    ['a byte order mark', '\uFEFF{"query":"{ hello }"}'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['UTF-16', Buffer.from(JSON.stringify({ query: hello }), 'utf16le')],
    ['a number', '7'],
    ['null', 'null'],
    ['a text', '"{ hello }"'],
    ['an empty object', '{}'],
    ['an empty batch', '[]'],
    ['a batch', '[{"query":"{ hello }"}]'],
    ['a batch of mutations (HTTP-14)', '[{"query":"mutation { hello }"},{"query":"mutation { hello }"}]'],
    ['nesting without end', '['.repeat(100_000)],
  ])('refuses as BAD_REQUEST a body that is %s (HTTP-10, HTTP-11)', async (_name, body) => {
    const before = executions;
    const response = await post(body, { 'content-type': 'application/json' });
    expect([response.status, await code(response)]).toEqual([400, 'BAD_REQUEST']);
    expect(executions).toBe(before);
  });

  it.each([
    ['HTTP/1.1', 400, 'BAD_REQUEST'],
    ['HTTP/1.0', 200, undefined],
  ])('needs a Host header in %s', async (version, status, expected) => {
    const body = JSON.stringify({ query: hello });
    const head = `content-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}`;
    const answer = await rawHttp(edge.url, `POST /graphql ${version}\r\n${head}\r\n\r\n${body}`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const result = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { errors?: [{ extensions: object }] };
    expect(result.errors?.[0].extensions).toEqual(expected && { code: expected, requestId: expect.any(String) });
  });

  it.each([
    ['Expect: 100-continue', 'expect: 100-continue', [100, 200]],
    ['an expectation that nobody knows', 'expect: 200-ok', [417]],
    ['an upgrade to h2c, which is not offered', 'connection: upgrade\r\nupgrade: h2c', [200]],
    ['an upgrade to WebSocket, which is not offered', 'connection: upgrade\r\nupgrade: websocket', [200]],
  ])('has one answer to a POST with %s (CONN-10)', async (_name, header, statuses) => {
    const body = JSON.stringify({ query: hello });
    const socket = connect(Number(new URL(edge.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${header}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const seen = () => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]));
    await vi.waitFor(() => expect(seen()).toEqual(statuses));
    socket.destroy();
  });

  it.each([
    ['query', { toString: 1 }],
    ['query', ['{ hello }']],
    ['query', 0],
    ['operationName', {}],
    ['operationName', 7],
    ['variables', []],
    ['variables', '{}'],
    ['extensions', []],
    ['extensions', 'x'],
    ['extensions', { persistedQuery: null }],
    ['extensions', { persistedQuery: 'x' }],
    ['extensions', { persistedQuery: { sha256Hash: {} } }],
    ['extensions', { persistedQuery: { version: 1, sha256Hash: {} } }],
    ['extensions', { persistedQuery: { version: 2, sha256Hash: 'a'.repeat(64) } }],
    ['extensions', { persistedQuery: { version: 1, sha256Hash: '__proto__' } }],
  ])('refuses as BAD_REQUEST the member %s: %j (PROTO-08)', async (member, value) => {
    const { status, json } = await edge.post({ query: hello, [member]: value });
    expect([status, json.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST']);
    if (member === 'extensions') {
      const byGet = await get({ query: hello, extensions: JSON.stringify(value) }, preflight);
      expect([byGet.status, await code(byGet)]).toEqual([400, 'BAD_REQUEST']);
      const search = `query=${encodeURIComponent(hello)}&%65xtensions=${encodeURIComponent(JSON.stringify(value))}`;
      const escaped = await fetch(`${edge.url}?${search}`, { headers: preflight });
      expect([escaped.status, await code(escaped)]).toEqual([400, 'BAD_REQUEST']);
    }
  });

  it('takes null for every optional member', async () => {
    const body = { query: hello, operationName: null, variables: null, extensions: null };
    expect((await edge.post(body)).json).toEqual({ data: { hello: 'world' } });
  });

  it('takes the last of duplicate members, everywhere the same (PROTO-07)', async () => {
    const { json } = await edge.post(
      '{"query":"{ nonsense }","variables":[],"query":"{ again: hello }","variables":{}}',
    );
    expect(json).toEqual({ data: { again: 'world' } });
  });

  it.each(['gzip', 'br', 'gzip, gzip', 'deflate', 'x-unknown'])(
    'refuses a body with content-encoding %s, so that no bomb is ever unpacked (HTTP-09)',
    async (encoding) => {
      const bomb = encoding === 'br' ? brotliCompressSync(Buffer.alloc(1e6)) : gzipSync(Buffer.alloc(1e6));
      const response = await post(bomb, { 'content-type': 'application/json', 'content-encoding': encoding });
      expect(response.status).toBe(415);
    },
  );

  it('refuses a body over the ceiling by its announced length, and the client can read the refusal (HTTP-07)', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2000001\r\n\r\n';
    // Not one byte of the body is sent: the answer cannot have waited for it.
    const answer = await rawHttp(edge.url, head);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('PAYLOAD_TOO_LARGE');
    const whole = await post(Buffer.alloc(2_500_000, 0x20), { 'content-type': 'application/json' });
    expect([whole.status, await code(whole)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it('counts a chunked body as it comes', async () => {
    const chunk = `${(100_000).toString(16)}\r\n${' '.repeat(100_000)}\r\n`;
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    expect(await rawHttp(edge.url, head + chunk.repeat(25))).toMatch(/^HTTP\/1.1 413 /);
  });

  it('takes a body just below the ceiling', async () => {
    const body = JSON.stringify({ query: hello }).padEnd(2_000_000);
    expect((await post(body, { 'content-type': 'application/json' })).status).toBe(200);
  });

  it.each([
    ['one header of 17 kB', `x-large: ${'a'.repeat(17_000)}\r\n`],
    ['20 kB in many headers', Array.from({ length: 90 }, (_, n) => `x-${n}: ${'a'.repeat(230)}\r\n`).join('')],
    ['101 headers', Array.from({ length: 101 }, (_, n) => `x-${n}: a\r\n`).join('')],
  ])('answers 431 to %s (HTTP-20)', async (_name, headers) => {
    const answer = await rawHttp(edge.url, `GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${headers}\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect(answer).toContain('HEADERS_TOO_LARGE');
  });

  it.each([
    ['image/png', 406],
    ['text/html', 406],
    ['application/json;q=0', 406],
    ['application/json', 200],
    ['*/*', 200],
    ['application/*', 200],
    ['text/html, */*;q=0.1', 200],
  ])('answers to Accept: %s with %i (HTTP-19)', async (accept, expected) => {
    const before = executions;
    const { status, json } = await edge.post({ query: 'mutation { touch }' }, { accept });
    expect(status).toBe(expected);
    // A refused request must not have done its work.
    expect(executions - before).toBe(expected === 200 ? 1 : 0);
    if (expected === 406) expect(json.errors?.[0]?.extensions['code']).toBe('NOT_ACCEPTABLE');
  });

  it.each([
    ['*/*', 400, 'application/json'],
    ['application/json', 200, 'application/json'],
    ['application/graphql-response+json', 400, 'application/graphql-response+json'],
    ['application/graphql-response+json, application/json;q=0.9', 400, 'application/graphql-response+json'],
    ['application/json;q=0.9, application/graphql-response+json', 400, 'application/graphql-response+json'],
  ])('under Accept: %s a document that is refused has status %i', async (accept, expected, type) => {
    for (const [query, expectedCode] of [
      ['{', 'GRAPHQL_PARSE_FAILED'],
      ['{ nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
    ] as const) {
      const { status, headers, json } = await edge.post({ query }, { accept });
      expect([status, headers.get('content-type'), json.errors?.[0]?.extensions['code']]).toEqual([
        expected,
        `${type}; charset=utf-8`,
        expectedCode,
      ]);
      expect(json).not.toHaveProperty('data');
    }
    const malformed = await edge.post('{', { accept });
    expect(malformed.status).toBe(400);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])(
    'answers %s with 405 and what is allowed (HTTP-22)',
    async (method) => {
      const response = await fetch(edge.url, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
    },
  );

  it.each([
    '/',
    '/graphql/../admin',
    '//graphql',
    '/graphql%2f..',
    '/metrics',
    '/debug',
    '/graphql/',
    '/graphiql',
    '/playground',
    '/invalidation',
  ])('has nothing at %s (HTTP-22, LEAK-11, LEAK-12, CACHE-17)', async (path) => {
    for (const method of ['GET', 'POST', 'TRACE']) {
      const head = `${method} ${path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\r\n`;
      const answer = await rawHttp(edge.url, head);
      expect(answer).toMatch(/^HTTP\/1.1 404 /);
      expect(answer).toContain('"code":"NOT_FOUND"');
    }
  });

  it('refuses a persisted query whose hash is another text (HTTP-15)', async () => {
    const persistedQuery = { version: 1, sha256Hash: sha256('{ other }') };
    const wrong = await edge.post({ query: hello, extensions: { persistedQuery } });
    expect([wrong.status, wrong.json.errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST']);
    const unknown = await edge.post({ extensions: { persistedQuery } });
    expect([unknown.status, unknown.json.errors?.[0]?.extensions['code']]).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  it("gives every answer an id: the client's when it is sane, else a new one (RUN-10)", async () => {
    const mine = await edge.post({ query: '{' }, { 'x-request-id': 'my-id.1' });
    expect(mine.headers.get('x-request-id')).toBe('my-id.1');
    expect(mine.json.errors?.[0]?.extensions['requestId']).toBe('my-id.1');
    for (const bad of ['x'.repeat(129), 'a b', '"', '<script>', '{"a":1}']) {
      const replaced = await edge.post('{', { 'x-request-id': bad });
      const id = replaced.headers.get('x-request-id');
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect(replaced.json.errors?.[0]?.extensions['requestId']).toBe(id);
    }
    const notFound = await fetch(new URL('/nothing', edge.url), { headers: { 'x-request-id': 'lost' } });
    expect(await notFound.json()).toMatchObject({ errors: [{ extensions: { requestId: 'lost' } }] });
  });

  it('reports health and readiness', async () => {
    const health = await fetch(new URL('/health', edge.url));
    expect(await health.json()).toEqual({ status: 'ok', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect((await fetch(new URL('/ready', edge.url))).status).toBe(200);
    expect((await fetch(new URL('/health', edge.url), { method: 'HEAD' })).status).toBe(200);
  });

  it('refuses ambiguous framing and closes (NET-01)', async () => {
    const body = '0\r\n\r\nGET /health HTTP/1.1\r\nhost: x\r\n\r\n';
    for (const headers of [
      'content-length: 5\r\ntransfer-encoding: chunked',
      'transfer-encoding: xchunked',
      'content-length: 5\r\ncontent-length: 6',
      'content-length: +5',
      'content-length : 5',
    ]) {
      const request = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n\r\n${body}`;
      const answer = await rawHttp(edge.url, request, 5000);
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).not.toContain('"status":"ok"');
    }
  });
});
