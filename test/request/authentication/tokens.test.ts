import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CompactSign, SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Authentication } from '../../../src/request/authentication/Authentication.js';
import { authenticationSettings, bearer, identify } from '../../support/credentialedRequest.js';

// Tokens and key sets that are odd, but whose signatures are good: nothing but the rules stands in their way.

let folder: string;
let privateKey: CryptoKey;
let jwk: JWK;
let privateJwk: JWK;
let strangers: JWK[];
const now = Math.floor(Date.now() / 1000);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portico-tokens-'));
  const pairs = await Promise.all(Array.from({ length: 3 }, () => generateKeyPair('ES256', { extractable: true })));
  const [own, ...others] = pairs;
  privateKey = own!.privateKey;
  [jwk, privateJwk] = [await exportJWK(own!.publicKey), await exportJWK(own!.privateKey)];
  strangers = await Promise.all(others.map(({ publicKey }) => exportJWK(publicKey)));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function over(keys: readonly unknown[], { jwt = '', more = '' } = {}): Authentication {
  const file = join(folder, `${files++}.json`);
  writeFileSync(file, JSON.stringify({ keys }));
  return new Authentication(
    authenticationSettings(`jwt: { jwks: [{ file: "${file}", issuers: [i] }]${jwt} }\n${more}`),
  );
}
const payload = (claims: object = {}) => ({ iss: 'i', sub: 'ada', exp: now + 600, ...claims });
const sign = (claims: object = {}, header: object = { kid: 'k' }): Promise<string> =>
  new SignJWT(payload(claims)).setProtectedHeader({ alg: 'ES256', ...header }).sign(privateKey);
/** Any bytes as a payload. */
const signText = (text: string, header: object = {}): Promise<string> =>
  new CompactSign(Buffer.from(text)).setProtectedHeader({ alg: 'ES256', kid: 'k', ...header }).sign(privateKey);

async function subjectOf(authentication: Authentication, headers: Record<string, string>): Promise<unknown> {
  const identity = await identify(authentication, headers);
  return typeof identity === 'string' ? identity : identity.subject;
}

describe('a key set with odd members', () => {
  test.each<[string, () => readonly unknown[], string]>([
    ['a private key: its public part', () => [{ ...privateJwk, kid: 'k' }], 'ada'],
    [
      'what is no key beside it',
      () => [null, 1, 'x', [], {}, { kty: 'EC' }, { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, { ...jwk, kid: 'k' }],
      'ada',
    ],
    [
      'a stranger of the same name',
      () => [
        { ...strangers[0], kid: 'k' },
        { ...jwk, kid: 'k' },
      ],
      'ada',
    ],
    ['a key for encryption', () => [{ ...jwk, kid: 'k', use: 'enc' }], 'UNAUTHENTICATED'],
    ['a key for signing only', () => [{ ...jwk, kid: 'k', key_ops: ['sign'] }], 'UNAUTHENTICATED'],
    ['a key for another algorithm', () => [{ ...jwk, kid: 'k', alg: 'ES384' }], 'UNAUTHENTICATED'],
    ['a key without the name', () => [jwk], 'UNAUTHENTICATED'],
    ['a name that is a number', () => [{ ...jwk, kid: 7 }], 'UNAUTHENTICATED'],
    ['strangers alone', () => strangers.map((each) => ({ ...each, kid: 'k' })), 'UNAUTHENTICATED'],
  ])('%s', async (_name, keys, expected) => {
    expect(await subjectOf(over(keys()), bearer(await sign()))).toBe(expected);
  });

  test('names of keys are compared and nothing else', async () => {
    const authentication = over([
      { ...jwk, kid: 'k' },
      { ...strangers[0], kid: '__proto__' },
    ]);
    const path = "../../../dev/null', 'x";
    for (const kid of ['__proto__', 'constructor', path, 'K', 'k ', '', { toString: 'k' }, ['k'], 0, null])
      expect([kid, await subjectOf(authentication, bearer(await sign({}, { kid })))]).toEqual([kid, 'UNAUTHENTICATED']);
  });
});

describe('claims', () => {
  test.each<[string, object, unknown]>([
    ['exp is a fraction', { exp: now + 600.5 }, 'ada'],
    ['exp is a text', { exp: String(now + 600) }, 'UNAUTHENTICATED'],
    ['exp is negative', { exp: -1 }, 'UNAUTHENTICATED'],
    ['exp is a list', { exp: [now + 600] }, 'UNAUTHENTICATED'],
    ['nbf is ahead', { nbf: now + 100 }, 'UNAUTHENTICATED'],
    ['iat is a text', { iat: String(now) }, 'UNAUTHENTICATED'],
    ['the subject is null and required', { sub: null }, 'UNAUTHENTICATED'],
    ['the subject is empty and required', { sub: '' }, 'UNAUTHENTICATED'],
    ['the subject is a number', { sub: 5 }, '5'],
    ['the issuer is a list', { iss: ['i'] }, 'UNAUTHENTICATED'],
  ])('%s', async (_name, claims, expected) => {
    const authentication = over([{ ...jwk, kid: 'k' }], { jwt: ', required_claims: [sub]' });
    expect(await subjectOf(authentication, bearer(await sign(claims)))).toBe(expected);
  });

  test.each<[string, string, string]>([
    [
      'the last of equal names counts, everywhere',
      `{"iss":"x","iss":"i","sub":"x","sub":"ada","exp":1,"exp":${now + 600}}`,
      'ada',
    ],
    [
      'the last of equal names counts, when it is the bad one',
      `{"iss":"i","exp":${now + 600},"exp":1}`,
      'UNAUTHENTICATED',
    ],
    ['nothing comes from a prototype', `{"__proto__":{"iss":"i","sub":"root","exp":${now + 600}}}`, 'UNAUTHENTICATED'],
    ['a list is no payload', '[{"iss":"i"}]', 'UNAUTHENTICATED'],
    ['null is no payload', 'null', 'UNAUTHENTICATED'],
  ])('%s', async (_name, text, expected) => {
    expect(await subjectOf(over([{ ...jwk, kid: 'k' }]), bearer(await signText(text)))).toBe(expected);
  });

  test('a token in a token is none', async () => {
    const nested = await signText(await sign(), { cty: 'JWT' });
    expect(await subjectOf(over([{ ...jwk, kid: 'k' }]), bearer(nested))).toBe('UNAUTHENTICATED');
  });
});

describe('places', () => {
  test('a cookie is one token under its very name', async () => {
    const authentication = over([{ ...jwk, kid: 'k' }], { more: 'sources: [{ cookie: session }]' });
    const token = await sign();
    for (const cookie of [`session=${token}`, ` session = ${token} ;a`, `a=1; session=${token}`])
      expect(await subjectOf(authentication, { cookie })).toBe('ada');
    for (const cookie of [`Session=${token}`, `a=session=${token}`, `sessions=${token}`, 'session', 'session='])
      expect(await subjectOf(authentication, { cookie })).toBe(undefined);
    for (const cookie of [`session="${token}"`, `session=x; session=${token}`, `session=${token}; session=${token}`])
      expect(await subjectOf(authentication, { cookie })).toBe('UNAUTHENTICATED');
  });

  test('a header without a word before the token takes none', async () => {
    const authentication = over([{ ...jwk, kid: 'k' }], { more: `sources: [{ header: x-token, prefix: '' }]` });
    const token = await sign();
    expect(await subjectOf(authentication, { 'x-token': token })).toBe('ada');
    for (const value of [`Bearer ${token}`, '', `${token} ${token}`, `${token},${token}`])
      expect(await subjectOf(authentication, { 'x-token': value })).toBe('UNAUTHENTICATED');
  });
});
