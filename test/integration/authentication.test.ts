import { createHmac, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CompactEncrypt, CompactSign } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { loadConfig } from '../../src/base/config/loadConfig.js';
import type { LoadedConfig } from '../../src/base/config/loadConfig.js';
import { startLog } from '../../src/base/telemetry/log.js';
import { createConfiguredServer } from '../../src/cli/process/configuredServer.js';
import type { ConfiguredServer } from '../../src/cli/process/configuredServer.js';
import { fileKeyDirectory } from '../../src/request/authentication/apiKeys/fileKeyDirectory.js';
import { createConsumer } from '../../src/request/authentication/apiKeys/changeKeys.js';
import { fileSource } from '../../src/supergraph/sources/fileSource.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';
import { bearer } from '../support/credentialedRequest.js';
import { signingKey, startFakeIssuer } from '../support/fakeIssuer.js';
import type { FakeIssuer, SigningKey } from '../support/fakeIssuer.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { rawHttp } from '../support/rawHttp.js';

// Plans on this thread: generations of these tests differ in what surrounds the planner.
const workshop = createWorkshop(() => {});

const PEPPER = 'a pepper of at least thirty-two characters';

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly code: unknown;
  readonly text: string;
  /** Calls that reached the subgraph. */
  readonly calls: number;
}

describe('who is asking', { timeout: 120_000 }, () => {
  let folder: string;
  let one: FakeIssuer;
  let two: FakeIssuer;
  let rsa: SigningKey;
  let graph: GraphServers;
  let gateway: ConfiguredServer;
  let url: string;
  let apiKey: string;
  const lines: string[] = [];
  let log: ReturnType<typeof startLog>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portico-authentication-'));
    [one, two, rsa] = await Promise.all([startFakeIssuer('one'), startFakeIssuer('two'), signingKey('r1', 'RS256')]);
    one.keys.push(rsa);
    graph = await startGraphServers({
      one: { typeDefs: 'type Query { hello: String }', resolvers: { Query: { hello: () => 'world' } } },
    });
    writeFileSync(join(folder, 'supergraph.graphql'), graph.supergraphSdl);
    const directory = fileKeyDirectory(join(folder, 'keys.json'));
    const consumer = { name: 'shop-app', plan: 'pro', tenant: 'acme', scopes: ['read:stock'] };
    ({ key: apiKey } = await createConsumer(directory, PEPPER, consumer));
    log = startLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
    gateway = await createConfiguredServer(load(), fileSource(join(folder, 'supergraph.graphql')), {
      engine: { workshop },
    });
    await gateway.server.start();
    const { origin } = await gateway.http.listen({ host: '127.0.0.1', port: 0 });
    url = `${origin}/graphql`;
  });
  afterAll(async () => {
    await gateway.http.close(1000);
    await gateway.server.stop();
    await log.close();
    await Promise.all([one.close(), two.close(), graph.close()]);
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    graph.received.length = 0;
    lines.length = 0;
  });

  function load(more = '', authentication = ''): LoadedConfig {
    const text = `
supergraph: { file: supergraph.graphql }
authentication:
  sources: [{ header: authorization }, { cookie: session }]
  jwt:
    jwks:
      - { url: "${one.jwksUrl}", issuers: ["${one.issuer}"], audiences: [shop, web] }
      - { url: "${two.jwksUrl}", issuers: ["${two.issuer}"] }
    plan_claim: plan
  api_keys: { pepper: "${PEPPER}", file: keys.json }
${authentication}
headers:
  all:
    request:
      - propagate: { matching: "x-.*" }
      - insert: { name: x-user-id, from_identity: subject }
      - insert: { name: x-user-roles, from_claim: roles }
      - insert: { name: x-kind, from_identity: kind }
${more}`;
    const { loaded, problems } = loadConfig({ file: join(folder, 'portico.yaml'), text });
    if (loaded === undefined) throw new Error(JSON.stringify(problems));
    return loaded;
  }

  async function ask(headers: Record<string, string> = {}, body = '{"query":"{ hello }"}'): Promise<Reply> {
    const before = graph.received.length;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await response.text();
    const { errors } = JSON.parse(text) as { errors?: { extensions: Record<string, unknown> }[] };
    const code = errors?.[0]?.extensions['code'] ?? 'none';
    return { status: response.status, headers: response.headers, code, text, calls: graph.received.length - before };
  }
  const seen = (): Record<string, unknown> => graph.received.at(-1)!.headers;

  /** 401, by the book, and nobody was asked. */
  function expectRefusal(reply: Reply): void {
    expect([reply.status, reply.code, reply.calls]).toEqual([401, 'UNAUTHENTICATED', 0]);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer error="invalid_token", ApiKey');
    expect(reply.text).not.toMatch(/expired|issuer|signature|algorithm|jwks|example/i);
  }
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = (): Record<string, unknown> => {
    const now = Math.floor(Date.now() / 1000);
    return { iss: one.issuer, sub: 'ada', aud: 'shop', iat: now, exp: now + 600 };
  };

  test('a good token is somebody, no credential is nobody, and both get an answer', async () => {
    expect(await ask()).toMatchObject({ status: 200, calls: 1 });
    expect(seen()).not.toHaveProperty('x-user-id');
    expect(await ask(bearer(await one.token({ roles: ['admin', 'editor'] })))).toMatchObject({ status: 200, calls: 1 });
    expect(seen()).toMatchObject({ 'x-user-id': 'ada', 'x-user-roles': 'admin,editor', 'x-kind': 'jwt' });
    await ask(bearer(await one.token({}, { key: rsa })));
    expect(seen()).toMatchObject({ 'x-user-id': 'ada' });
  });

  test.each(['none', 'None', 'nOnE', 'NONE'])('a token with alg "%s" is refused (TOK-01)', async (alg) => {
    expectRefusal(await ask(bearer(`${encode({ alg, typ: 'JWT' })}.${encode(claims())}.`)));
    expectRefusal(await ask(bearer(`${encode({ alg, kid: 'k1' })}.${encode(claims())}.AA`)));
  });

  test.each(['pem', 'der', 'jwk'] as const)(
    'a token signed HS256 with the public key as %s is refused (TOK-02)',
    async (form) => {
      const der = createPublicKey(rsa.pem).export({ type: 'spki', format: 'der' });
      const secret = { pem: rsa.pem, der, jwk: JSON.stringify(rsa.jwk) }[form];
      const signed = `${encode({ alg: 'HS256', kid: 'r1' })}.${encode(claims())}`;
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      expectRefusal(await ask(bearer(`${signed}.${signature}`)));
    },
  );

  test('keys that a token brings or points to are not looked at (TOK-04)', async () => {
    const attacker = await startFakeIssuer('attacker');
    const [key] = attacker.keys;
    const headers = [
      { jwk: key!.jwk },
      { jku: attacker.jwksUrl },
      { x5u: `${attacker.origin}/cert` },
      { x5c: [Buffer.from('cert').toString('base64')] },
    ];
    for (const header of headers) {
      for (const kid of ['k1', 'unknown']) {
        const token = await attacker.token({ iss: one.issuer }, { header: { ...header, kid } });
        expectRefusal(await ask(bearer(token)));
      }
    }
    expect(attacker.asked).toEqual([]);
    await attacker.close();
  });

  test("a token signed by one issuer in another's name is refused (TOK-06)", async () => {
    expect(await ask(bearer(await two.token()))).toMatchObject({ status: 200 });
    expectRefusal(await ask(bearer(await two.token({ iss: one.issuer }))));
    expectRefusal(await ask(bearer(await two.token({ iss: [one.issuer, two.issuer] }))));
    expectRefusal(await ask(bearer(await two.token({ iss: 'https://nobody.example/' }))));
    expectRefusal(await ask(bearer(await two.token({ iss: undefined }))));
  });

  test('the audience must be ours where audiences are configured (TOK-07)', async () => {
    for (const aud of ['shop', ['other', 'web']]) {
      expect(await ask(bearer(await one.token({ aud })))).toMatchObject({ status: 200 });
    }
    for (const aud of [['other'], 'other', undefined, {}, ['Shop']])
      expectRefusal(await ask(bearer(await one.token({ aud }))));
  });

  test('times must fit, within the leeway; exp is required (TOK-09)', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const good of [{ nbf: now + 30 }, { exp: now - 30 }, { iat: now + 30 }])
      expect(await ask(bearer(await one.token(good)))).toMatchObject({ status: 200 });
    for (const bad of [
      { nbf: now + 63 },
      { iat: now + 3600 },
      { exp: now - 61 },
      { exp: undefined },
      { exp: `${now + 600}` },
      { exp: null },
      { nbf: 'x' },
    ])
      expectRefusal(await ask(bearer(await one.token(bad))));
  });

  test('extensions are not understood, so tokens that need one are refused (TOK-10)', async () => {
    const sign = (header: Record<string, unknown>): Promise<string> => {
      const signer = new CompactSign(Buffer.from(JSON.stringify(claims())));
      return signer
        .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
        .sign(one.keys[0]!.privateKey, { crit: { 'http://x/y': true } });
    };
    for (const header of [{ crit: ['b64'], b64: true }, { b64: true }, { crit: ['http://x/y'], 'http://x/y': 1 }])
      expectRefusal(await ask(bearer(await sign(header))));
    const unsigned = `${encode({ alg: 'ES256', kid: 'k1', crit: ['b64'], b64: false })}.e30.AA`;
    expectRefusal(await ask(bearer(unsigned)));
  });

  test('encrypted tokens are refused without a look at them (TOK-11)', async () => {
    const bomb = await new CompactEncrypt(Buffer.alloc(2000))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(Buffer.alloc(32));
    const costly = `${encode({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 1e9, p2s: 'AAAA' })}.AA.AA.AA.AA`;
    for (const token of [bomb, costly]) expectRefusal(await ask(bearer(token)));
  });

  test('a bad token is refused for what everybody may see too (TOK-12)', async () => {
    const good = await one.token();
    const [head, body, signature] = good.split('.') as [string, string, string];
    const other = encode({ ...claims(), sub: 'root' });
    for (const token of [
      'abc',
      'a.b.c',
      '..',
      good.slice(0, -4),
      `${head}.${other}.${signature}`,
      `${head}.${body}.`,
      `${good}.x`,
      'null.null.null',
      `${encode([])}.${body}.${signature}`,
      await one.token({}, { header: { typ: 'logout+jwt' } }),
      await one.token({}, { header: { kid: 'k9' } }),
    ])
      expectRefusal(await ask(bearer(token), '{"query":"{ __typename }"}'));
  });

  describe('TOK-13: what is sent oddly', () => {
    const send = async (lines: readonly string[]): Promise<number> => {
      const { hostname } = new URL(url);
      const body = '{"query":"{ hello }"}';
      const head = [
        'POST /graphql HTTP/1.1',
        `host: ${hostname}`,
        'content-type: application/json',
        'connection: close',
      ];
      const text = [...head, ...lines, `content-length: ${body.length}`, '', body].join('\r\n');
      const answer = await rawHttp(url, text);
      return Number(/^HTTP\/1.1 (\d+)/.exec(answer)![1]);
    };

    test('is either one token or refused: two headers, two tokens, no token, tabs', async () => {
      const [a, b] = [await one.token(), await one.token({ sub: 'bob' })];
      for (const good of [`bearer ${a}`, `BEARER ${a}`, `Bearer  ${a}`, `Bearer ${a} `, `Bearer ${a}\t`])
        expect([good.slice(0, 8), await send([`authorization: ${good}`])]).toEqual([good.slice(0, 8), 200]);
      for (const bad of [
        `Bearer ${a}, Bearer ${b}`,
        `Bearer ${a},${b}`,
        'Bearer',
        'Bearer ',
        `Bearer\t${a}`,
        a,
        `Bearer${a}`,
        `Basic ${a}`,
        `"Bearer ${a}"`,
        '',
      ])
        expect([bad.slice(0, 8), await send([`authorization: ${bad}`])]).toEqual([bad.slice(0, 8), 401]);
      expect(await send([`authorization: Bearer ${a}`, 'Authorization: Bearer x'])).toBe(401);
      expect(await send(['authorization: Bearer x', `Authorization: Bearer ${a}`])).toBe(401);
      expect(await send([`x-api-key: ${apiKey}`, `X-API-Key: ${apiKey}`])).toBe(401);
      expect(await send([`cookie: session=${a}`, `cookie: session=${a}`])).toBe(401);
      expect(await send([`cookie: a=b; session=${a}; c=d`])).toBe(200);
      expect(await send(['cookie: session=; a=b'])).toBe(200);
    });
  });

  test('several credentials must all be good and name the same one; rights are never added up (TOK-14)', async () => {
    const ada = await one.token();
    const key = { 'x-api-key': apiKey };
    expectRefusal(await ask({ ...bearer(ada), 'x-api-key': 'wrong' }));
    expectRefusal(await ask({ ...bearer('wrong'), ...key }));
    expectRefusal(await ask({ ...bearer(ada), ...key }));
    expectRefusal(await ask({ ...bearer(ada), cookie: `session=${await one.token({ sub: 'bob' })}` }));
    await ask({ ...bearer(await one.token({ sub: 'shop-app' })), ...key });
    expect(seen()).toMatchObject({ 'x-user-id': 'shop-app', 'x-kind': 'jwt' });
    await ask({ ...bearer(ada), cookie: `session=${await one.token({ roles: ['admin'] })}` });
    expect(seen()).toMatchObject({ 'x-user-id': 'ada' });
    expect(seen()).not.toHaveProperty('x-user-roles');
  });

  test('headers that subgraphs believe never come from a client, not from the anonymous either (TOK-22)', async () => {
    const forged = { 'X-User-Id': 'root', 'X-User-Roles': 'admin', 'x-kind': 'jwt', 'x-other': 'passes' };
    await ask(forged);
    expect(seen()).toMatchObject({ 'x-other': 'passes', 'x-kind': 'anonymous' });
    expect(seen()).not.toHaveProperty('x-user-id');
    expect(seen()).not.toHaveProperty('x-user-roles');
    await ask({ ...forged, ...bearer(await one.token()) });
    expect(seen()).toMatchObject({ 'x-user-id': 'ada', 'x-kind': 'jwt' });
    expect(seen()).not.toHaveProperty('x-user-roles');
    await ask({ 'x-api-key': apiKey });
    expect(seen()).not.toHaveProperty('x-api-key');
  });

  test.each([
    ['CR and LF', 'a\r\nx-user-id: root'],
    ['a null byte', 'a\0b'],
    ['letters that Latin-1 cuts to CR and LF', 'a\u010d\u010ab'],
    ['a list with a comma in it', ['a,admin']],
    ['an object', { a: 1 }],
    ['a text without end', 'x'.repeat(9000)],
  ])('a claim with %s becomes no header', async (_name, roles) => {
    const reply = await ask(bearer(await one.token({ roles })));
    if (reply.status === 401) return; // Longer than a token may be.
    expect(reply).toMatchObject({ status: 200, calls: 1 });
    expect(seen()).toMatchObject({ 'x-user-id': 'ada' });
    expect(seen()).not.toHaveProperty('x-user-roles');
  });

  test('a token of 16 KB is refused unread (TOK-24)', async () => {
    const reply = await ask(bearer(await one.token({ filler: 'x'.repeat(9000) })));
    expectRefusal(reply);
    const huge = await ask(bearer(await one.token({ filler: 'x'.repeat(16_000) })));
    expect([huge.status, huge.calls]).toEqual([431, 0]);
  });

  test('thousands of garbage tokens, no two the same, disturb nobody with a good one (TOK-24)', async () => {
    const good = bearer(await one.token());
    const [head, body] = (await one.token()).split('.');
    const garbage = Array.from({ length: 2000 }, (_, index) => {
      const text =
        index % 2 === 0 ? `${head}.${body}.${encode(index)}` : encode({ filler: index, more: 'x'.repeat(500) });
      return text;
    });
    const refused = new Set<number>();
    const good200 = new Set<number>();
    for (let from = 0; from < garbage.length; from += 100) {
      const batch = garbage.slice(from, from + 100).map((text) => ask(bearer(text)));
      good200.add((await ask(good)).status);
      for (const { status } of await Promise.all(batch)) refused.add(status);
    }
    expect([[...refused], [...good200]]).toEqual([[401], [200]]);
    expect(one.asked.filter((path) => path !== '/jwks')).toEqual([]);
  });

  test('nothing of a credential is in the log; who it was is (LEAK)', async () => {
    const token = await one.token({ sub: 'grace' });
    const bad = await one.token({ aud: 'nobody-knows-this' });
    await ask({ ...bearer(token), cookie: `session=${token}` });
    await ask(bearer(bad));
    await ask({ 'x-api-key': apiKey });
    await ask({ 'x-api-key': `${apiKey.slice(0, -3)}abc` });
    await expect.poll(() => lines.filter((line) => line.includes('"message":"request"')).length).toBe(4);
    const text = lines.join('');
    for (const secret of [
      token,
      token.split('.')[2]!,
      bad.split('.')[2]!,
      apiKey,
      apiKey.slice(17),
      PEPPER,
      'nobody-knows-this',
    ])
      expect(text).not.toContain(secret);
    const requests = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ message }) => message === 'request');
    expect(requests.map(({ userId, statusCode, errorCodes }) => [userId, statusCode, errorCodes])).toEqual([
      ['grace', 200, []],
      [undefined, 401, ['UNAUTHENTICATED']],
      ['shop-app', 200, []],
      [undefined, 401, ['UNAUTHENTICATED']],
    ]);
    expect(text).toContain('"reason":"the token is not valid: ERR_JWT_CLAIM_VALIDATION_FAILED (aud)"');
  });

  test('a bad credential is refused before the body is read', async () => {
    const head = `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nauthorization: Bearer x\r\ncontent-length: 1000\r\n\r\n`;
    // The body never comes.
    expect(await rawHttp(url, head)).toMatch(/^HTTP\/1.1 401 /);
  });

  test('documents that are known already are no way round it', async () => {
    for (let time = 0; time < 3; time++) expect(await ask()).toMatchObject({ status: 200 });
    expectRefusal(await ask(bearer('wrong')));
  });

  test('where a credential is required, health, readiness and preflights need none', async () => {
    const cors = 'cors: { policies: [{ origins: ["https://shop.example.com"] }] }';
    await gateway.apply(load(cors, '  require: true'));
    try {
      const reply = await ask({ origin: 'https://shop.example.com' });
      expect([reply.status, reply.code, reply.calls]).toEqual([401, 'UNAUTHENTICATED', 0]);
      // RFC 6750, 3.1: no error code where nothing was presented.
      expect(reply.headers.get('www-authenticate')).toBe('Bearer, ApiKey');
      expect(reply.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
      expect(await ask(bearer(await one.token()))).toMatchObject({ status: 200 });
      const { origin } = new URL(url);
      for (const path of ['/health', '/ready']) expect((await fetch(origin + path)).status).toBe(200);
      const headers = { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' };
      expect((await fetch(url, { method: 'OPTIONS', headers })).status).toBe(204);
      const get = await fetch(`${url}?query={__typename}`, { headers: { 'apollo-require-preflight': '1' } });
      expect(get.status).toBe(401);
    } finally {
      await gateway.apply(load());
    }
  });

  test('issuers, audiences and keys change with the next request (RELOAD-08)', async () => {
    const token = await one.token({ aud: 'later' });
    expectRefusal(await ask(bearer(token)));
    const fetched = one.asked.length;
    const next = load().text.replace('audiences: [shop, web]', 'audiences: [later]');
    const { loaded } = loadConfig({ file: join(folder, 'portico.yaml'), text: next });
    await gateway.apply(loaded!);
    expect(await ask(bearer(token))).toMatchObject({ status: 200 });
    expectRefusal(await ask(bearer(await one.token())));
    expect(one.asked.length).toBe(fetched);
    await gateway.apply(load());
  });

  test('a reload that is refused changes nothing', async () => {
    await expect(gateway.apply(load('errors: { subgraphs: { two: {} } }', '  require: true'))).rejects.toThrow('two');
    expect(await ask()).toMatchObject({ status: 200 });
  });

  test('an issuer that is away is 503 for its tokens, and nobody else notices (IDP-01)', async () => {
    const away = await startFakeIssuer('away');
    const token = await away.token();
    const { jwksUrl, issuer } = away;
    await away.close();
    const text = load().text.replace(
      '    plan_claim',
      `      - { url: "${jwksUrl}", issuers: ["${issuer}"] }\n    plan_claim`,
    );
    await gateway.apply(loadConfig({ file: join(folder, 'portico.yaml'), text }).loaded!);
    const reply = await ask(bearer(token));
    expect([reply.status, reply.code, reply.calls]).toEqual([503, 'IDENTITY_PROVIDER_UNAVAILABLE', 0]);
    expect(reply.headers.get('retry-after')).toBe('1');
    expect(reply.text).not.toMatch(/127\.0\.0\.1|ECONN|jwks/);
    expect(await ask(bearer(await one.token()))).toMatchObject({ status: 200 });
    expect(await ask()).toMatchObject({ status: 200 });
    await gateway.apply(load());
  });
});
