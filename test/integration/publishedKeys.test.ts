import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createTestGateway } from '../../src/testing/createTestGateway.js';
import { Authentication } from '../../src/request/authentication/Authentication.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';
import { authenticationSettings } from '../support/credentialedRequest.js';

const SECRET = 'a secret of at least thirty-two bytes';
const PATH = '/.well-known/jwks.json';

describe('the key of the tokens that the gateway signs', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const secretKey = await exportJWK(privateKey);
    gateway = await createTestGateway({
      subgraphs: { one: { typeDefs: 'type Query { hello: String }', resolvers: { Query: { hello: () => 'world' } } } },
      settings: {
        authentication: {
          jwt: { jwks: [{ secret: SECRET }] },
          identityToken: { key: JSON.stringify({ ...secretKey, kid: 'g1' }), audience: 'subgraphs', jwksPath: PATH },
        },
        headers: { all: { request: [{ insert: { name: 'x-identity', fromIdentity: 'token' } }] } },
      },
    });
  });
  afterAll(() => gateway.close());

  test('is served, and verifies what subgraphs get', async () => {
    const response = await gateway.fetch(PATH);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json');
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const set = (await response.json()) as JSONWebKeySet;
    const credential = await new SignJWT({ sub: 'ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5m')
      .sign(Buffer.from(SECRET));
    await gateway.execute('{ hello }', {}, { headers: { authorization: `Bearer ${credential}` } });
    const token = gateway.calls.at(-1)!.headers['x-identity']!;
    const { payload } = await jwtVerify(token, createLocalJWKSet(set), { audience: 'subgraphs', issuer: 'portico' });
    expect(payload.sub).toBe('ada');
  });

  test('is the public one alone, at its path alone', async () => {
    const { keys } = (await (await gateway.fetch(PATH)).json()) as JSONWebKeySet;
    expect(keys).toEqual([
      { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), use: 'sig', alg: 'ES256', kid: 'g1' },
    ]);
    expect((await gateway.fetch(`${PATH}/`)).status).toBe(404);
    expect((await gateway.fetch(PATH, { method: 'POST' })).status).toBe(404);
  });
});

test.each([
  ['ES256', 'ES384', 'ec secp384r1'],
  ['PS256', 'ES256', 'ec prime256v1'],
  ['EdDSA', 'ES256', 'ec prime256v1'],
])('a key that cannot sign %s is refused at the start, not by each request', async (algorithm, made, kind) => {
  const { privateKey } = await generateKeyPair(made, { extractable: true });
  const yaml = `identity_token: { algorithm: ${algorithm}, key: '${JSON.stringify(await exportJWK(privateKey))}' }`;
  expect(() => new Authentication(authenticationSettings(yaml))).toThrow(
    `authentication.identity_token.key is a key of another kind (${kind}) than ${algorithm} needs`,
  );
});
