import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { notices } from '../../src/base/telemetry/channels.js';
import { Authentication } from '../../src/request/authentication/Authentication.js';
import type { Identity } from '../../src/request/Identity.js';
import { authenticationSettings, bearer, identify } from '../support/credentialedRequest.js';
import { signingKey, startFakeIssuer } from '../support/fakeIssuer.js';
import type { FakeIssuer } from '../support/fakeIssuer.js';
import { handClock } from '../support/handClock.js';
import type { HandClock } from '../support/handClock.js';

const MINUTE = 60_000;

describe('the key set of an issuer', { timeout: 60_000 }, () => {
  let issuer: FakeIssuer;
  let clock: HandClock;
  let authentication: Authentication;
  const messages: string[] = [];
  let stop: () => void;
  beforeEach(async () => {
    issuer = await startFakeIssuer();
    clock = handClock(Date.now());
    messages.length = 0;
    stop = notices.subscribe(({ message }) => void messages.push(message));
  });
  afterEach(async () => {
    stop();
    authentication.close();
    await issuer.close();
  });

  function start(timeout = '5s'): void {
    const set = `{ url: "${issuer.jwksUrl}", issuers: ["${issuer.issuer}"], timeout: ${timeout} }`;
    authentication = new Authentication(authenticationSettings(`jwt: { cache_ttl: 0s, jwks: [${set}] }`), clock);
    authentication.start();
  }
  const token = (claims?: Record<string, unknown>): Promise<string> => issuer.token(claims, { now: clock.now() });
  const ask = async (text: string): Promise<string | undefined> => {
    const identity = await identify(authentication, bearer(text));
    return typeof identity === 'string' ? identity : identity.subject;
  };
  /** Turns the clock until the next fetch has begun, and waits until it is over. */
  const poll = async (ms = 1.2 * MINUTE): Promise<void> => {
    const before = issuer.asked.length;
    clock.turn(ms);
    await expect.poll(() => issuer.asked.length, { timeout: 10_000 }).toBeGreaterThan(before);
  };

  test('is fetched once, however many tokens come while it is', async () => {
    start();
    const text = await token();
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => ask(text))))).toEqual(new Set(['ada']));
    expect(issuer.asked).toEqual(['/jwks']);
  });

  test('that cannot be had at the start makes tokens 503, and they are verified as soon as it can (IDP-01)', async () => {
    issuer.mode = 'error';
    start();
    expect(await ask(await token())).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
    expect(messages).toContain('A key set is not available: its tokens are answered with 503');
    issuer.mode = 'good';
    await poll(1500);
    await expect.poll(async () => ask(await token()), { timeout: 10_000 }).toBe('ada');
  });

  test.each(['error', 'garbage', 'huge', 'hang', 'redirect', 'cut'] as const)(
    'keeps its keys while the issuer answers with "%s", for an hour, then nobody knows: 503 (IDP-02)',
    async (mode) => {
      start(mode === 'hang' ? '500ms' : '5s');
      expect(await ask(await token())).toBe('ada');
      issuer.mode = mode;
      await poll();
      await expect
        .poll(() => messages, { timeout: 10_000 })
        .toContain('A key set cannot be fetched, known keys stay in use');
      expect(await ask(await token())).toBe('ada');
      clock.turn(50 * MINUTE);
      expect(await ask(await token())).toBe('ada');
      clock.turn(12 * MINUTE);
      expect(await ask(await token())).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
      expect(issuer.asked.every((path) => path === '/jwks')).toBe(true);
    },
  );

  test('that is rotated is fetched once for the first token of the new key, and no token is refused (IDP-03)', async () => {
    start();
    expect(await ask(await token())).toBe('ada');
    issuer.keys = [await signingKey('k2'), issuer.keys[0]!];
    const tokens = await Promise.all(Array.from({ length: 200 }, (_, index) => token({ sub: `user${index}` })));
    const subjects = await Promise.all(tokens.map(ask));
    expect(subjects).toEqual(tokens.map((_, index) => `user${index}`));
    expect(issuer.asked).toHaveLength(2);
  });

  test('is fetched at most once per cooldown for keys that do not exist, and good tokens do not notice (IDP-05)', async () => {
    start();
    const good = await token();
    expect(await ask(good)).toBe('ada');
    // What comes after the head does not matter: no key is found.
    const [, ...rest] = good.split('.');
    const headOf = (kid: string) => Buffer.from(JSON.stringify({ alg: 'ES256', kid })).toString('base64url');
    const flood = Array.from({ length: 5000 }, (_, index) => [headOf(`random${index}`), ...rest].join('.'));
    const answers = await Promise.all([...flood.map(ask), ask(good)]);
    expect(new Set(answers.slice(0, -1))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(answers.at(-1)).toBe('ada');
    expect(issuer.asked).toHaveLength(2);
    clock.turn(29_000);
    await Promise.all(
      (await Promise.all([1, 2, 3].map((n) => issuer.token({}, { header: { kid: `later${n}` } })))).map(ask),
    );
    expect(issuer.asked).toHaveLength(2);
    clock.turn(2000);
    await ask(await issuer.token({}, { header: { kid: 'after' } }));
    expect(issuer.asked).toHaveLength(3);
  });

  test('that is empty counts at the second look (IDP-07)', async () => {
    start();
    expect(await ask(await token())).toBe('ada');
    issuer.mode = 'empty';
    await poll();
    await expect.poll(() => messages, { timeout: 10_000 }).toContain('A key set is empty; it counts if it stays empty');
    expect(await ask(await token())).toBe('ada');
    await poll(6000);
    await expect.poll(async () => ask(await token()), { timeout: 10_000 }).toBe('UNAUTHENTICATED');
  });

  test('that was empty for a moment locks nobody out (IDP-07)', async () => {
    start();
    expect(await ask(await token())).toBe('ada');
    issuer.mode = 'empty';
    await poll();
    await expect.poll(() => messages, { timeout: 10_000 }).toContain('A key set is empty; it counts if it stays empty');
    issuer.mode = 'good';
    await poll(6000);
    expect(await ask(await token())).toBe('ada');
  });

  test('ages by a clock that never jumps: an hour back or forth changes no key (IDP-08)', async () => {
    start();
    expect(await ask(await token())).toBe('ada');
    issuer.mode = 'error';
    for (const jump of [-60 * MINUTE, 120 * MINUTE]) {
      clock.jump(jump);
      expect(await ask(await token())).toBe('ada');
    }
  });

  test('never has secrets in it: a published symmetric key verifies nothing', async () => {
    const key = issuer.keys[0]!;
    issuer.keys = [
      { ...key, jwk: { kty: 'oct', k: 'c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0', kid: 'k1', alg: 'HS256' } },
    ];
    start();
    expect(await ask(await token())).toBe('UNAUTHENTICATED');
  });

  test('that stays the same over a reload is not fetched again (RELOAD-08)', async () => {
    start();
    expect(await ask(await token())).toBe('ada');
    const set = `{ url: "${issuer.jwksUrl}", issuers: ["${issuer.issuer}"], audiences: [other], timeout: 5s }`;
    authentication.prepare(authenticationSettings(`jwt: { cache_ttl: 0s, jwks: [${set}] }`)).commit();
    expect(await ask(await token())).toBe('UNAUTHENTICATED');
    expect(await ask(await token({ aud: ['x', 'other'] }))).toBe('ada');
    expect(issuer.asked).toEqual(['/jwks']);
  });
});

describe('a verified token', { timeout: 60_000 }, () => {
  let issuer: FakeIssuer;
  let clock: HandClock;
  let authentication: Authentication;
  beforeEach(async () => {
    issuer = await startFakeIssuer();
    clock = handClock(Date.now());
    const set = `{ url: "${issuer.jwksUrl}", issuers: ["${issuer.issuer}"] }`;
    authentication = new Authentication(authenticationSettings(`jwt: { jwks: [${set}] }`), clock);
    authentication.start();
  });
  afterEach(async () => {
    authentication.close();
    await issuer.close();
  });
  const token = (claims?: Record<string, unknown>): Promise<string> => issuer.token(claims, { now: clock.now() });

  test('is the same identity at the next request, without waiting', async () => {
    const text = await token();
    const first = (await identify(authentication, bearer(text))) as Identity;
    expect(await identify(authentication, bearer(text))).toBe(first);
  });

  test('ends with its exp, at most the leeway later, although it is remembered (TOK-18)', async () => {
    const text = await token({ exp: Math.floor(clock.now() / 1000) + 10 });
    expect(await identify(authentication, bearer(text))).toMatchObject({ subject: 'ada' });
    clock.turn(68_000);
    expect(await identify(authentication, bearer(text))).toMatchObject({ subject: 'ada' });
    clock.turn(4000);
    expect(await identify(authentication, bearer(text))).toBe('UNAUTHENTICATED');
  });

  test('is verified anew when the keys change', async () => {
    const text = await token();
    expect(await identify(authentication, bearer(text))).toMatchObject({ subject: 'ada' });
    issuer.keys = [await signingKey('k2')];
    clock.turn(1.2 * MINUTE);
    await expect.poll(() => identify(authentication, bearer(text)), { timeout: 10_000 }).toBe('UNAUTHENTICATED');
  });

  test('that was bad is looked at again after 5 s (TOK-18)', async () => {
    const text = await token({ nbf: Math.floor(clock.now() / 1000) + 64 });
    expect(await identify(authentication, bearer(text))).toBe('UNAUTHENTICATED');
    clock.turn(5100);
    expect(await identify(authentication, bearer(text))).toMatchObject({ subject: 'ada' });
  });
});
