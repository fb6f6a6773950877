import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { RedisConnection } from '../../src/base/storage/RedisConnection.js';
import { notices } from '../../src/base/telemetry/channels.js';
import {
  createConsumer,
  KeyMistake,
  revokeKeys,
  rotateKey,
  setDisabled,
} from '../../src/request/authentication/apiKeys/changeKeys.js';
import { fileKeyDirectory } from '../../src/request/authentication/apiKeys/fileKeyDirectory.js';
import type { KeyDirectory } from '../../src/request/authentication/apiKeys/KeyStore.js';
import { redisKeyDirectory } from '../../src/request/authentication/apiKeys/redisKeys.js';
import { Authentication } from '../../src/request/authentication/Authentication.js';
import { authenticationSettings, identify } from '../support/credentialedRequest.js';
import { handClock } from '../support/handClock.js';
import type { HandClock } from '../support/handClock.js';
import { hasRedis, startRedis } from '../support/redisServer.js';
import type { RedisServer } from '../support/redisServer.js';

const PEPPER = 'a pepper of at least thirty-two characters';
const SHOP = { name: 'shop-app', plan: 'pro', tenant: 'acme', scopes: ['read:stock', 'write:orders'] };
const KEEP = { keepMs: 3_600_000 };
const PREFIX = '{portico:keys}:';

interface Place {
  readonly directory: KeyDirectory;
  readonly settings: string;
}

describe.skipIf(!hasRedis())('with a Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  keepsItsWord('Redis', async () => {
    const client = new RedisConnection({ urls: [redis.url], purpose: 'a test', commandTimeoutMs: 2000, lazy: true });
    await client.ready(5000);
    await client.call('FLUSHALL');
    return { directory: redisKeyDirectory(client, PREFIX), settings: `redis: { url: "${redis.url}", timeout: 2s }` };
  });

  describe('API keys when their Redis is away', { timeout: 60_000 }, () => {
    let directory: KeyDirectory;
    let key: string;
    let authentication: Authentication;
    const start = (more: string): void => {
      const settings = `api_keys: { pepper: "${PEPPER}", redis: { url: "${redis.url}", timeout: 200ms${more} } }`;
      authentication = new Authentication(authenticationSettings(settings));
      authentication.start();
    };
    const ask = async (text = key): Promise<unknown> => {
      const identity = await identify(authentication, { 'x-api-key': text });
      return typeof identity === 'string' ? identity : identity.subject;
    };
    beforeEach(async () => {
      const client = new RedisConnection({ urls: [redis.url], purpose: 'a test', commandTimeoutMs: 2000, lazy: true });
      await client.ready(5000);
      await client.call('FLUSHALL');
      directory = redisKeyDirectory(client, PREFIX);
      ({ key } = await createConsumer(directory, PEPPER, SHOP));
      await directory.close();
    });
    afterEach(async () => {
      authentication.close();
      redis.resume();
      await redis.kill();
      await redis.restart();
    });

    test('are 503, within its deadline, whether it is dead or silent, and good again when it is back', async () => {
      start('');
      await expect.poll(() => ask(), { timeout: 10_000 }).toBe('shop-app');
      redis.pause();
      expect(await ask()).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
      redis.resume();
      await expect.poll(() => ask(), { timeout: 10_000 }).toBe('shop-app');
      await redis.kill();
      expect(await ask()).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
      await redis.restart();
      // Empty now.
      await expect.poll(() => ask(), { timeout: 10_000 }).toBe('UNAUTHENTICATED');
    });

    test('go on where use_cached says so, the known ones', async () => {
      start(', on_unavailable: use_cached');
      await expect.poll(() => ask(), { timeout: 10_000 }).toBe('shop-app');
      await redis.kill();
      expect(await ask()).toBe('shop-app');
      expect(await ask(`${key.slice(0, -4)}aaaa`)).toBe('UNAUTHENTICATED');
      expect(await ask(key.replace(/_[0-9a-f]{12}_/, '_000000000000_'))).toBe('IDENTITY_PROVIDER_UNAVAILABLE');
      await redis.restart();
    });
  });
});

describe('with a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-keys-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  let count = 0;
  const fresh = (): string => join(folder, `keys${count++}.json`);

  keepsItsWord('a file', async () => {
    const file = fresh();
    return { directory: fileKeyDirectory(file), settings: `file: "${file}"` };
  });

  test('the file is for its owner alone, and loses no change of several writers', async () => {
    const file = fresh();
    const names = Array.from({ length: 12 }, (_, index) => `consumer${index}`);
    await Promise.all(names.map((name) => createConsumer(fileKeyDirectory(file), PEPPER, { name, scopes: [] })));
    expect((await fileKeyDirectory(file).list()).map(({ name }) => name)).toEqual(names.toSorted());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('a file that is broken while it is followed is reported, and the keys before it stay', async () => {
    const file = fresh();
    const { key } = await createConsumer(fileKeyDirectory(file), PEPPER, SHOP);
    const authentication = new Authentication(
      authenticationSettings(`api_keys: { pepper: "${PEPPER}", file: "${file}" }`),
    );
    authentication.start();
    const messages: string[] = [];
    const stop = notices.subscribe(({ message }) => void messages.push(message));
    writeFileSync(file, '{"version":1,"consumers":[{}]}');
    await expect
      .poll(() => messages, { timeout: 10_000 })
      .toContain('The file of API keys cannot be read, the keys before it stay in use');
    expect(await identify(authentication, { 'x-api-key': key })).toMatchObject({ subject: 'shop-app' });
    stop();
    authentication.close();
  });

  test('a start with a broken file is refused, and says where the mistake is', () => {
    const file = fresh();
    writeFileSync(file, '{"version":1,"consumers":[{"name":"a","keys":[{"hash":"c0ffee');
    const broken = authenticationSettings(`api_keys: { pepper: "${PEPPER}", file: "${file}" }`);
    expect(() => new Authentication(broken)).toThrow(/cannot be used: it is not JSON$/);
    writeFileSync(file, '{"version":1,"consumers":[{"name":"a","keys":[{"id":"x"}]}]}');
    const settings = authenticationSettings(`api_keys: { pepper: "${PEPPER}", file: "${file}" }`);
    expect(() => new Authentication(settings)).toThrow('consumer a: a key has no usable id');
  });
});

/** What holds wherever keys are kept. */
function keepsItsWord(store: string, open: () => Promise<Place>): void {
  describe(`API keys in ${store}`, { timeout: 60_000 }, () => {
    let directory: KeyDirectory;
    let clock: HandClock;
    let authentication: Authentication;
    beforeEach(async () => {
      const place = await open();
      ({ directory } = place);
      clock = handClock(Date.now());
      const settings = `api_keys: { pepper: "${PEPPER}", record_use: 1m, ${place.settings} }`;
      authentication = new Authentication(authenticationSettings(settings), clock);
      authentication.start();
    });
    afterEach(async () => {
      authentication.close();
      await directory.close();
    });
    const ask = async (key: string): Promise<unknown> => {
      const identity = await identify(authentication, { 'x-api-key': key });
      return typeof identity === 'string' ? identity : identity.subject;
    };
    /** A file is followed, which takes a moment. */
    const becomes = async (key: string, subject: string): Promise<void> => {
      await expect.poll(() => ask(key), { timeout: 10_000, interval: 20 }).toBe(subject);
    };

    test('say who a program is, and what it may', async () => {
      const { key } = await createConsumer(directory, PEPPER, SHOP);
      await becomes(key, 'shop-app');
      const identity = await identify(authentication, { 'x-api-key': key });
      expect(identity).toMatchObject({ kind: 'api_key', subject: 'shop-app', plan: 'pro', tenant: 'acme' });
      expect(identity).toHaveProperty('scopes', new Set(SHOP.scopes));
      expect(Object.isFrozen(identity)).toBe(true);
    });

    test('are refused when a character differs, when they are unknown, and when they are none', async () => {
      const { key } = await createConsumer(directory, PEPPER, SHOP);
      await becomes(key, 'shop-app');
      const last = key.at(-1) === 'A' ? 'E' : 'A';
      for (const wrong of [
        key.slice(0, -1) + last,
        key.slice(0, -1),
        `${key}a`,
        key.toUpperCase(),
        `${key}, ${key}`,
        key.replace(/_[0-9a-f]{12}_/, '_000000000000_'),
        '',
        'ptk___proto___',
        'constructor',
      ])
        expect([wrong.slice(0, 20), await ask(wrong)]).toEqual([wrong.slice(0, 20), 'UNAUTHENTICATED']);
    });

    test('overlap for a while when they are rotated, and there are never more than two', async () => {
      const first = await createConsumer(directory, PEPPER, SHOP);
      const second = await rotateKey(directory, PEPPER, 'shop-app', KEEP);
      await becomes(second.key, 'shop-app');
      expect(await ask(first.key)).toBe('shop-app');
      const third = await rotateKey(directory, PEPPER, 'shop-app', KEEP);
      await becomes(third.key, 'shop-app');
      expect([await ask(first.key), await ask(second.key)]).toEqual(['UNAUTHENTICATED', 'shop-app']);
      clock.turn(KEEP.keepMs + 1000);
      expect([await ask(second.key), await ask(third.key)]).toEqual(['UNAUTHENTICATED', 'shop-app']);
    });

    test('end when they expire', async () => {
      const { key } = await createConsumer(directory, PEPPER, { ...SHOP, lifetimeMs: 60_000 });
      await becomes(key, 'shop-app');
      clock.turn(61_000);
      expect(await ask(key)).toBe('UNAUTHENTICATED');
    });

    test('are refused as soon as they are removed or their consumer is disabled (RELOAD-08)', async () => {
      const { key } = await createConsumer(directory, PEPPER, SHOP);
      await becomes(key, 'shop-app');
      await setDisabled(directory, 'shop-app', true);
      await becomes(key, 'UNAUTHENTICATED');
      await setDisabled(directory, 'shop-app', false);
      await becomes(key, 'shop-app');
      await revokeKeys(directory, 'shop-app', key.slice(4, 16));
      await becomes(key, 'UNAUTHENTICATED');
      const next = await rotateKey(directory, PEPPER, 'shop-app', KEEP);
      await becomes(next.key, 'shop-app');
      await revokeKeys(directory, 'shop-app', undefined);
      await becomes(next.key, 'UNAUTHENTICATED');
      expect(await directory.list()).toEqual([]);
    });

    test('are kept as hashes with a pepper: another pepper knows none of them (TOK-16)', async () => {
      const { key } = await createConsumer(directory, PEPPER, SHOP);
      await becomes(key, 'shop-app');
      const kept = JSON.stringify(await directory.read('shop-app'));
      expect(kept).not.toContain(key.slice(17));
      expect(kept).toMatch(/"hash":"[0-9a-f]{64}"/);
      await createConsumer(directory, 'another pepper, which is long enough too', { ...SHOP, name: 'other' });
      const { key: foreign } = await rotateKey(directory, 'another pepper, which is long enough too', 'other', KEEP);
      await becomes(foreign, 'UNAUTHENTICATED');
    });

    test('are compared in one way however much of a key is right, and a flood of wrong ones changes nothing (TOK-16)', async () => {
      const { key } = await createConsumer(directory, PEPPER, SHOP);
      await becomes(key, 'shop-app');
      const wrong = Array.from({ length: 2000 }, (_, index) => {
        const at = 17 + (index % (key.length - 17));
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.replace(key[at]!, '');
        return key.slice(0, at) + letters[index % letters.length]! + key.slice(at + 1);
      });
      // The last letter carries four bits that count and two that do not.
      const answers = await Promise.all(wrong.filter((text) => text !== key).map(ask));
      expect(new Set(answers)).toEqual(new Set(['UNAUTHENTICATED']));
      expect(await ask(key)).toBe('shop-app');
    });

    test('have a time of last use, written now and then', async () => {
      const { key, id } = await createConsumer(directory, PEPPER, SHOP);
      await becomes(key, 'shop-app');
      const usedAt = clock.now();
      expect((await directory.lastUses()).has(id)).toBe(false);
      clock.turn(61_000);
      await expect.poll(async () => (await directory.lastUses()).get(id), { timeout: 10_000 }).toBe(usedAt);
    });

    test('are made once per name, and only for what exists', async () => {
      await createConsumer(directory, PEPPER, SHOP);
      await expect(createConsumer(directory, PEPPER, SHOP)).rejects.toThrow(KeyMistake);
      await expect(rotateKey(directory, PEPPER, 'nobody', KEEP)).rejects.toThrow('there is no consumer nobody');
      await expect(revokeKeys(directory, 'shop-app', '000000000000')).rejects.toThrow('has no key 000000000000');
    });
  });
}
