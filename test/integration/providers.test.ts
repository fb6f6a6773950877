import type { ServerResponse } from 'node:http';

import { createLocalJWKSet, generateKeyPair, exportPKCS8, jwtVerify, exportJWK } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Authentication } from '../../src/request/authentication/Authentication.js';
import { authenticationSettings, bearer, credentialedRequest, identify } from '../support/credentialedRequest.js';
import { startFakeIssuer } from '../support/fakeIssuer.js';
import type { FakeIssuer } from '../support/fakeIssuer.js';
import { startGraphServers } from '../support/graphServers.js';
import { handClock } from '../support/handClock.js';
import type { HandClock } from '../support/handClock.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { startLibraryServer } from '../support/libraryServer.js';

let server: FakeIssuer;
let clock: HandClock;
let authentication: Authentication;
/** What the server got: path, headers and body of each question. */
let questions: { readonly headers: Record<string, unknown>; readonly body: string; readonly method: string }[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  server = await startFakeIssuer();
  clock = handClock(Date.now());
  questions = [];
  server.respond = ({ headers, method = '' }, body, response) => {
    questions.push({ headers, body, method });
    answer(response);
  };
});
afterEach(async () => {
  authentication.close();
  await server.close();
});

function start(yaml: string): void {
  authentication = new Authentication(authenticationSettings(yaml), clock);
  authentication.start();
}
const json =
  (value: unknown, status = 200) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const subjectOf = async (headers: Record<string, string>): Promise<unknown> => {
  const identity = await identify(authentication, headers);
  return typeof identity === 'string' ? identity : identity.subject;
};
/** For what never answers. */
const QUICK = '300ms';
const UNUSABLE: ReadonlyArray<readonly [string, (response: ServerResponse) => void]> = [
  ['500', json({ active: true, sub: 'ada' }, 500)],
  ['a page', (response) => void response.end('<html>ada</html>')],
  ['a list', json([{ active: true }])],
  ['megabytes', json({ active: true, sub: 'ada', filler: 'x'.repeat(1_000_000) })],
  ['a redirect', (response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
  [
    'half an answer',
    (response) => void response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy()),
  ],
  ['nothing', () => {}],
];

describe('token introspection (RFC 7662)', { timeout: 60_000 }, () => {
  const settings = (more = '', timeout = '5s'): string =>
    `introspection: { url: "${server.origin}/introspect", client_id: "a:b", client_secret: "s&cret", timeout: ${timeout}${more} }`;
  const active = { active: true, sub: 'ada', scope: 'a b', iss: 'https://one.example/', aud: 'shop' };

  test('asks as the RFC says, and goes by the answer for a while', async () => {
    start(settings());
    answer = json(active);
    const identity = await identify(authentication, bearer('opaque-1'));
    expect(identity).toMatchObject({ kind: 'introspection', subject: 'ada', issuer: 'https://one.example/' });
    expect(identity).toHaveProperty('scopes', new Set(['a', 'b']));
    expect(questions[0]).toMatchObject({
      method: 'POST',
      body: 'token=opaque-1&token_type_hint=access_token',
      headers: { authorization: `Basic ${Buffer.from('a%3Ab:s%26cret').toString('base64')}` },
    });
    clock.turn(29_000);
    expect(await subjectOf(bearer('opaque-1'))).toBe('ada');
    expect(questions).toHaveLength(1);
    clock.turn(2000);
    answer = json({ active: false });
    expect(await subjectOf(bearer('opaque-1'))).toBe('UNAUTHENTICATED');
  });

  test('asks once for many equal tokens, and sends the secret in the body where it is to', async () => {
    start(settings(', client_auth: post'));
    answer = json(active);
    const all = await Promise.all(Array.from({ length: 20 }, () => subjectOf(bearer('opaque'))));
    expect([new Set(all), questions.length]).toEqual([new Set(['ada']), 1]);
    expect(questions[0]!.body).toContain('client_id=a%3Ab&client_secret=s%26cret');
    expect(questions[0]!.headers).not.toHaveProperty('authorization');
  });

  test.each([
    ['is not active', { active: false, sub: 'ada' }],
    ['says active in another type', { active: 'true', sub: 'ada' }],
    ['has expired', { ...active, exp: 1 }],
    ['is not valid yet', { ...active, nbf: 4e9 }],
    ['is for somebody else', { ...active, aud: 'other' }],
    ['is for nobody', { ...active, aud: undefined }],
  ])('refuses a token that %s', async (_name, claims) => {
    start(settings(', audiences: [shop]'));
    answer = json(claims);
    expect(await subjectOf(bearer('opaque'))).toBe('UNAUTHENTICATED');
  });

  test('a token ends with its exp, although the answer is remembered', async () => {
    start(settings());
    answer = json({ ...active, exp: Math.floor(clock.now() / 1000) + 10 });
    expect(await subjectOf(bearer('opaque'))).toBe('ada');
    clock.turn(11_000);
    expect(await subjectOf(bearer('opaque'))).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['a text', '4000000000', 'ada'],
    ['a text in the past', '1', 'UNAUTHENTICATED'],
    ['a fraction', 4e9 + 0.5, 'ada'],
    ['negative', -1, 'UNAUTHENTICATED'],
    ['null', null, 'ada'],
    ['no number', 'tomorrow', 'UNAUTHENTICATED'],
    ['a hexadecimal text', '0xffffffff', 'UNAUTHENTICATED'],
    ['a list', [4e9], 'UNAUTHENTICATED'],
    ['true', true, 'UNAUTHENTICATED'],
  ])('an exp that is %s never means for ever where it says something else', async (_name, exp, expected) => {
    start(settings());
    answer = json({ ...active, exp });
    expect(await subjectOf(bearer('opaque'))).toBe(expected);
    answer = json({ ...active, nbf: '4000000000' });
    expect(await subjectOf(bearer('not-yet'))).toBe('UNAUTHENTICATED');
  });

  test.each(UNUSABLE)('gives 503 when the endpoint answers with %s', async (_name, unusable) => {
    start(settings('', QUICK));
    answer = unusable;
    expect(await subjectOf(bearer('opaque'))).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
    expect(server.asked).toEqual(['/introspect']);
  });

  test('goes by what it knew where use_cached says so, for as long as max_stale and exp allow', async () => {
    start(settings(', on_unavailable: use_cached, max_stale: 10m'));
    answer = json({ ...active, exp: Math.floor(clock.now() / 1000) + 300 });
    expect(await subjectOf(bearer('opaque'))).toBe('ada');
    answer = json({}, 500);
    clock.turn(60_000);
    expect(await subjectOf(bearer('opaque'))).toBe('ada');
    expect(await subjectOf(bearer('never-seen'))).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
    clock.turn(250_000);
    expect(await subjectOf(bearer('opaque'))).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
  });

  test('leaves an endpoint alone that fails again and again, and comes back by itself', async () => {
    start(settings());
    answer = json({}, 500);
    for (let count = 0; count < 50; count++) await subjectOf(bearer(`opaque-${count}`));
    expect(questions).toHaveLength(5);
    answer = json(active);
    clock.turn(1000);
    expect(await subjectOf(bearer('opaque'))).toBe('ada');
  });

  test('never sends what looks like a JWT where those are verified', async () => {
    start(`${settings()}\njwt: { jwks: [{ url: "${server.jwksUrl}", issuers: ["${server.issuer}"] }] }`);
    answer = json(active);
    expect(await subjectOf(bearer('a.b.c'))).toBe('UNAUTHENTICATED');
    expect(questions).toEqual([]);
    expect(await subjectOf(bearer(await server.token({ sub: 'bob' })))).toBe('bob');
    expect(await subjectOf(bearer('opaque'))).toBe('ada');
    expect(await subjectOf(bearer(`x${'a'.repeat(9000)}`))).toBe('UNAUTHENTICATED');
  });
});

describe('an external authorizer', { timeout: 60_000 }, () => {
  const settings = (more = '', timeout = '5s'): string =>
    `external: { url: "${server.origin}/verify", credential_headers: [x-session, x-device], timeout: ${timeout}${more} }`;

  test('sees the credential headers and no others, and says who it is', async () => {
    start(settings(', method: POST, tenant_claim: org'));
    answer = json({ sub: 'ada', scope: ['a', 'b'], org: 'acme' });
    const identity = await identify(authentication, { 'x-session': 's1', authorization: 'Bearer x', cookie: 'a=b' });
    expect(identity).toMatchObject({ kind: 'external', subject: 'ada', tenant: 'acme' });
    expect(questions[0]).toMatchObject({ method: 'POST', headers: { 'x-session': 's1' } });
    for (const name of ['authorization', 'cookie', 'x-device']) expect(questions[0]!.headers).not.toHaveProperty(name);
    expect(await subjectOf({})).toBe(undefined);
    expect(await subjectOf({ 'x-session': 's1' })).toBe('ada');
    expect(questions).toHaveLength(1);
    await subjectOf({ 'x-session': 's1', 'x-device': 'd' });
    expect(questions).toHaveLength(2);
  });

  test('may say it in headers', async () => {
    start(settings(', claims_from: headers, claim_headers: { sub: X-User, scope: X-Scopes }'));
    answer = (response) => void response.writeHead(204, { 'x-user': 'ada', 'x-scopes': 'a b', 'x-other': 'c' }).end();
    const identity = await identify(authentication, { 'x-session': 's1' });
    expect(identity).toMatchObject({ subject: 'ada', claims: { sub: 'ada', scope: 'a b' } });
  });

  test('may end an identity in headers too, which are texts', async () => {
    start(settings(', claims_from: headers, claim_headers: { sub: X-User, exp: X-Until }, cache_ttl: 1h'));
    const until = Math.floor(clock.now() / 1000) + 10;
    answer = (response) => void response.writeHead(200, { 'x-user': 'ada', 'x-until': String(until) }).end();
    expect(await subjectOf({ 'x-session': 's1' })).toBe('ada');
    clock.turn(11_000);
    expect(await subjectOf({ 'x-session': 's1' })).toBe('UNAUTHENTICATED');
  });

  test.each([401, 403])('refuses with status %i', async (status) => {
    start(settings());
    answer = json({ sub: 'ada' }, status);
    expect(await subjectOf({ 'x-session': 's1' })).toBe('UNAUTHENTICATED');
  });

  test.each(UNUSABLE)('that answers with %s is unavailable', async (_name, unusable) => {
    start(settings('', QUICK));
    answer = unusable;
    expect(await subjectOf({ 'x-session': 's1' })).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
  });

  test('goes by what it knew where use_cached says so, and never for who was refused', async () => {
    start(settings(', on_unavailable: use_cached, max_stale: 10m, cache_ttl: 0s'));
    answer = json({ sub: 'ada' });
    expect(await subjectOf({ 'x-session': 's1' })).toBe('ada');
    answer = json({}, 503);
    expect(await subjectOf({ 'x-session': 's1' })).toBe('ada');
    expect(await subjectOf({ 'x-session': 's2' })).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
    answer = json({}, 403);
    expect(await subjectOf({ 'x-session': 's1' })).toBe('UNAUTHENTICATED');
    answer = json({}, 503);
    clock.turn(6000);
    expect(await subjectOf({ 'x-session': 's1' })).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
  });

  test('is believed in the headers that it was to use, each once', async () => {
    start(settings(', claims_from: headers, claim_headers: { sub: X-User, scope: X-Scopes }'));
    answer = (response) => void response.writeHead(200, { 'x-user': ['ada', 'root'], 'x-scopes': 'a "b' }).end();
    const identity = await identify(authentication, { 'x-session': 's1' });
    expect(identity).toMatchObject({ kind: 'external', scopes: new Set() });
    expect(identity).not.toHaveProperty('subject', 'root');
    expect(identity).toHaveProperty('subject', undefined);
  });

  test('is not asked about values that HTTP cannot carry', async () => {
    start(settings());
    answer = json({ sub: 'ada' });
    expect(await subjectOf({ 'x-session': 'a\r\nx-admin: 1' })).toBe('UNAUTHENTICATED');
    expect(questions).toEqual([]);
  });
});

describe('headers of a trusted proxy', () => {
  const yaml = 'trusted_headers: { subject: X-User, scopes: X-Scopes, claims: { email: X-Mail } }';
  const headers = { 'x-user': 'ada', 'x-scopes': 'a b', 'x-mail': 'ada@example.com' };
  const header = (name: string): string | undefined => headers[name as 'x-user'];
  beforeEach(() => {
    authentication = new Authentication(authenticationSettings(yaml, 'server: { trusted_proxies: [10.0.0.0/8] }'));
  });

  test('count on its connections and on no others', async () => {
    const trusted = await identify(authentication, credentialedRequest(headers, { isFromTrustedProxy: true }));
    expect(trusted).toMatchObject({ kind: 'trusted_header', subject: 'ada', claims: { email: 'ada@example.com' } });
    expect(await identify(authentication, credentialedRequest(headers))).toMatchObject({ kind: 'anonymous' });
  });

  test('that are there twice are refused: the proxy has added its own to a forged one', async () => {
    const request = credentialedRequest(
      {},
      { header, isFromTrustedProxy: true, isRepeated: (name) => name === 'x-user' },
    );
    expect(await identify(authentication, request)).toBe('UNAUTHENTICATED');
  });
});

describe("in an Apollo Server of the user's own", { timeout: 60_000 }, () => {
  test('credentials count as under portico start, and subgraphs get a token that the gateway has signed', async () => {
    authentication = new Authentication(authenticationSettings('require: false'));
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const graph = await startGraphServers({
      one: { typeDefs: 'type Query { hello: String }', resolvers: { Query: { hello: () => 'world' } } },
    });
    const gateway = createInlineGateway({
      supergraphSdl: graph.supergraphSdl,
      authentication: {
        jwt: { jwks: [{ url: server.jwksUrl, issuers: [server.issuer] }] },
        identityToken: { key: await exportPKCS8(privateKey), issuer: 'https://gateway.example/', claims: ['email'] },
      },
      headers: {
        all: { request: [{ insert: { name: 'authorization', prefix: 'Bearer', fromIdentity: 'token' } }] },
      },
    });
    const library = await startLibraryServer(gateway);
    const token = await server.token({ email: 'ada@example.com', scope: 'a b', iss: server.issuer });
    const good = await library.ask('{ hello }', { headers: bearer(token) });
    expect(good.json).toEqual({ data: { hello: 'world' } });
    const sent = String(graph.received[0]!.headers['authorization']);
    expect(sent).not.toContain(token);
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] });
    const { payload } = await jwtVerify(sent.replace('Bearer ', ''), keys, { issuer: 'https://gateway.example/' });
    expect(payload).toMatchObject({ sub: 'ada', scope: 'a b', kind: 'jwt', email: 'ada@example.com' });
    expect(payload.exp! - payload.iat!).toBe(60);

    await library.ask('{ hello }');
    expect(graph.received[1]!.headers).not.toHaveProperty('authorization');
    const bad = await library.ask('{ hello }', { headers: bearer(`${token}x`) });
    expect([bad.status, bad.json.errors?.[0]?.extensions['code'], graph.received.length]).toEqual([
      401,
      'UNAUTHENTICATED',
      2,
    ]);
    expect(bad.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    await library.stop();
    await graph.close();
  });
});
