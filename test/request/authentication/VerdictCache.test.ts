import { expect, test } from 'vitest';

import { makeIdentity } from '../../../src/request/authentication/makeIdentity.js';
import { Refusal, Unavailable } from '../../../src/request/authentication/Refusal.js';
import { VerdictCache } from '../../../src/request/authentication/VerdictCache.js';
import { handClock } from '../../support/handClock.js';

const identityOf = (subject: string) =>
  makeIdentity({
    kind: 'jwt',
    issuer: 'i',
    subject,
    scopes: [],
    claims: {},
    plan: undefined,
    tenant: undefined,
  });

function bench(more: { readonly maxEntries?: number; readonly maxStaleMs?: number } = {}) {
  const clock = handClock(1_000_000);
  const cache = new VerdictCache({ clock, ttlMs: 60_000, ...more });
  const asked: string[] = [];
  const good = (credential: string, epoch = 0, expiresAt = Infinity) =>
    cache.judge(credential, epoch, async () => {
      asked.push(credential);
      await Promise.resolve();
      return { identity: identityOf(credential), expiresAt };
    });
  const bad = (credential: string, error: Error = new Refusal('no'), epoch = 0) =>
    (async () => cache.judge(credential, epoch, () => Promise.reject(error)))();
  return { clock, cache, asked, good, bad };
}

test('as many credentials are remembered as there is room for, and bad ones push out no good one', async () => {
  const { good, bad, asked } = bench({ maxEntries: 3 });
  for (const each of ['a', 'b', 'c']) await good(each);
  for (let i = 0; i < 5000; i++) await expect(bad(`bad ${i}`)).rejects.toBeInstanceOf(Refusal);
  expect(good('a')).not.toBeInstanceOf(Promise);
  await good('d');
  expect(good('b')).toBeInstanceOf(Promise);
  await good('b');
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'b']);
});

test('equal credentials are judged once at a time, different ones never together', async () => {
  const { good, asked } = bench();
  const found = await Promise.all([good('a'), good('a'), good('b'), good('a')]);
  expect(found.map(({ subject }) => subject)).toEqual(['a', 'a', 'b', 'a']);
  expect(asked).toEqual(['a', 'b']);
});

test('what was judged by other keys does not count, good or bad', async () => {
  const { good, bad, asked } = bench();
  await good('a', 0);
  await good('a', 1);
  await expect(bad('b', new Refusal('no'), 1)).rejects.toBeInstanceOf(Refusal);
  await good('b', 2);
  expect(asked).toEqual(['a', 'a', 'b']);
});

test('a credential that has turned bad stands in for nothing while nobody can be asked', async () => {
  const { good, bad, clock } = bench({ maxStaleMs: 3_600_000 });
  const away = new Unavailable('away');
  await good('a');
  clock.turn(61_000);
  expect(await bad('a', away)).toMatchObject({ subject: 'a' });
  await expect(bad('a')).rejects.toBeInstanceOf(Refusal);
  clock.turn(6000);
  await expect(bad('a', away)).rejects.toBe(away);
  await good('b', 0, clock.now() + 70_000);
  clock.turn(71_000);
  await expect(bad('b', away)).rejects.toBe(away);
});
