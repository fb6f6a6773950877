import { describe, expect, test } from 'vitest';

import { compileCors } from '../../../../src/edge/http/guards/cors.js';
import type { CorsPolicy } from '../../../../src/edge/http/guards/cors.js';

const policy = (over: Partial<CorsPolicy>): CorsPolicy => ({
  origins: ['https://ok.example'],
  allowCredentials: false,
  exposeHeaders: [],
  methods: ['GET', 'POST'],
  ...over,
});

function pairs(flat: readonly string[] | undefined): Record<string, string> {
  const object: Record<string, string> = {};
  for (let index = 0; index < (flat?.length ?? 0); index += 2) object[flat![index]!] = flat![index + 1]!;
  return object;
}

const allowed = (origins: readonly string[], origin: string): string | undefined =>
  pairs(compileCors([policy({ origins })]).headersFor(origin))['access-control-allow-origin'];

describe('CORS (HTTP-06)', () => {
  test.each([
    ['https://ok.example', 'https://ok.example', true],
    ['https://ok.example', 'HTTPS://OK.example', true],
    ['https://ok.example', 'https://ok.example:443', true],
    ['https://ok.example:443', 'https://ok.example', true],
    ['https://ok.example', 'https://ok.example.evil.com', false],
    ['https://ok.example', 'https://evil-ok.example', false],
    ['https://ok.example', 'https://a.ok.example', false],
    ['https://ok.example', 'http://ok.example', false],
    ['https://ok.example', 'https://ok.example:8443', false],
    ['https://ok.example', 'https://ok.example/', false],
    ['https://ok.example', 'https://ok.example@evil.com', false],
    ['https://ok.example', 'https://user:pass@ok.example', false],
    ['https://ok.example', 'null', false],
    ['*', 'null', false],
    ['https://ok.example', 'https://ok.example, https://evil.com', false],
    ['https://ok.example', 'https://okxexample', false],
    ['https://ok.example', '', false],
    ['https://*.ok.example', 'https://a.ok.example', true],
    ['https://*.ok.example', 'https://a.b.ok.example', true],
    ['https://*.ok.example', 'https://ok.example', false],
    ['https://*.ok.example', 'https://.ok.example', false],
    ['https://*.ok.example', 'https://evilok.example', false],
    ['https://*.ok.example', 'https://a.ok.example.evil.com', false],
    ['http://localhost:*', 'http://localhost:5173', true],
    ['http://localhost:*', 'http://localhost', true],
    ['http://localhost:*', 'http://localhost.evil.com:5173', false],
    ['http://[::1]:*', 'http://[::1]:3000', true],
    ['chrome-extension://abcdef', 'chrome-extension://abcdef', true],
  ])('%s and a page of %s: %s', (origin, asked, isAllowed) => {
    expect(allowed([origin], asked)).toBe(isAllowed ? asked : undefined);
  });

  test('origin * is answered with * and never with credentials', () => {
    expect(allowed(['*'], 'https://any.example')).toBe('*');
    expect(() => compileCors([policy({ origins: ['*'], allowCredentials: true })])).toThrow(/exclude each other/);
  });

  test('an origin of 100 KB is refused in linear time', () => {
    const long = `https://${'a.'.repeat(50_000)}ok.example`;
    expect(allowed(['https://*.ok.example'], long)).toBeUndefined();
  });

  test('every answer varies with the origin, also one without permission or without origin', () => {
    const cors = compileCors([policy({})]);
    for (const origin of ['https://ok.example', 'https://evil.example', 'null', undefined]) {
      expect(pairs(cors.headersFor(origin))['vary']).toBe('Origin');
    }
  });

  test('the first policy with a fitting origin counts', () => {
    const cors = compileCors([
      policy({ allowCredentials: true, exposeHeaders: ['x-request-id'] }),
      policy({ origins: ['https://*.example'] }),
    ]);
    expect(pairs(cors.headersFor('https://ok.example'))).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'https://ok.example',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-request-id',
    });
    expect(pairs(cors.headersFor('https://b.example'))).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'https://b.example',
    });
  });

  test('a preflight is answered with what is allowed', () => {
    const asked = {
      origin: 'https://ok.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type, x-a',
    };
    expect(pairs(compileCors([policy({ maxAgeMs: 7_200_000 })]).preflight(asked))).toEqual({
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
      'access-control-allow-origin': 'https://ok.example',
      'access-control-allow-methods': 'GET, POST',
      'access-control-max-age': '7200',
      'access-control-allow-headers': 'content-type, x-a',
    });
    const listed = compileCors([policy({ allowHeaders: ['content-type'], methods: ['POST'] })]).preflight(asked);
    expect(pairs(listed)).toMatchObject({
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
    });
  });

  test('a preflight of another origin gets no permission', () => {
    const cors = compileCors([policy({})]);
    const answer = pairs(cors.preflight({ origin: 'https://evil.example', 'access-control-request-method': 'POST' }));
    expect(Object.keys(answer)).toEqual(['vary']);
  });

  test('OPTIONS without origin or method is no preflight', () => {
    const cors = compileCors([policy({})]);
    expect(cors.preflight({ origin: 'https://ok.example' })).toBeUndefined();
    expect(cors.preflight({ 'access-control-request-method': 'POST' })).toBeUndefined();
  });
});
