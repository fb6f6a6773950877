import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { anonymous } from '../../../src/request/Identity.js';
import type { RequestContext } from '../../../src/request/context.js';
import { callerKey } from '../../../src/request/ratelimit/callerKey.js';
import type { CallerPart } from '../../../src/request/ratelimit/LimitPolicy.js';
import { networkOf } from '../../../src/request/ratelimit/networkOf.js';
import { someone } from '../../support/identities.js';
import { makeContext } from '../../support/requestContext.js';

const group = fc.nat(0xffff);
const address = fc.tuple(group, group, group, group, group, group, group, group);
const written = (groups: readonly number[]): string => groups.map((each) => each.toString(16)).join(':');

describe('the network of an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1::2:3:4:5:1.2.3.4', '1:0:2:3::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:cb00:7107', '203.0.113.7'],
    [undefined, ''],
  ])('%s counts as %s', (given, expected) => {
    expect(networkOf(given)).toBe(expected);
  });

  test('is the same for two IPv6 addresses exactly when their first 64 bits are', () => {
    fc.assert(
      fc.property(address, address, fc.boolean(), (one, other, isNear) => {
        const second = isNear ? [...one.slice(0, 4), ...other.slice(4)] : other;
        fc.pre(one.slice(0, 5).some((each) => each > 0) && second.slice(0, 5).some((each) => each > 0));
        const isSame = written(one.slice(0, 4)) === written(second.slice(0, 4));
        expect(networkOf(written(one)) === networkOf(written(second))).toBe(isSame);
      }),
    );
  });

  test('is the same however an address is written', () => {
    fc.assert(
      fc.property(address, fc.nat(7), fc.integer({ min: 1, max: 7 }), (groups, from, length) => {
        const zeroed = groups.map((each, at) => (at >= from && at < from + length ? 0 : each));
        const head = written(zeroed.slice(0, from));
        const tail = written(zeroed.slice(from + length));
        const padded = zeroed.map((each) => each.toString(16).padStart(4, '0').toUpperCase()).join(':');
        const [high, low] = zeroed.slice(6) as [number, number];
        const dotted = `${written(zeroed.slice(0, 6))}:${[high >> 8, high & 255, low >> 8, low & 255].join('.')}`;
        const ways = [`${head}::${tail}`, padded, dotted].map(networkOf);
        expect(ways).toEqual(new Array(3).fill(networkOf(written(zeroed))));
      }),
    );
  });
});

describe('who is counted together', () => {
  const keyOf = (parts: readonly CallerPart[], context: Partial<RequestContext>, more?: readonly unknown[]): string =>
    callerKey(parts, makeContext(context), more);
  const header = (name: string): CallerPart => ({ kind: 'header', name });

  test('RL-06: no header of a client changes who it is, anonymous or not', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (headers) => {
        const forged = { header: (name: string) => headers[name] ?? 'forged', headerNames: () => Object.keys(headers) };
        const kinds = ['identity', 'ip', 'tenant', 'plan'] as const;
        for (const identity of [anonymous, someone('ada')]) {
          for (const kind of kinds) {
            const honest = { identity, clientIp: '203.0.113.7' };
            expect(keyOf([{ kind }], { ...honest, ...forged })).toBe(keyOf([{ kind }], honest));
          }
        }
      }),
    );
  });

  test('different parts never make the same key, whatever is in them', () => {
    const texts = fc.array(fc.string({ maxLength: 80 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const key = (values: readonly string[]): string =>
          keyOf(
            values.map((_, at) => header(String(at))),
            { header: (name) => values[Number(name)] },
          );
        expect(key(one) === key(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test('a subject that is written like another kind of caller is not that caller', () => {
    const ip = keyOf([{ kind: 'identity' }], { clientIp: '203.0.113.7' });
    for (const subject of ['ip 203.0.113.7', '203.0.113.7', '["jwt","","ada"]'])
      expect(keyOf([{ kind: 'identity' }], { identity: someone(subject), clientIp: '203.0.113.7' })).not.toBe(ip);
    const ofOther = { ...someone('ada'), issuer: 'https://other.test' };
    expect(keyOf([{ kind: 'identity' }], { identity: ofOther })).not.toBe(
      keyOf([{ kind: 'identity' }], { identity: someone('ada') }),
    );
    const asKey = { ...someone('ada'), kind: 'api_key' } as ReturnType<typeof someone>;
    expect(keyOf([{ kind: 'identity' }], { identity: asKey })).not.toBe(
      keyOf([{ kind: 'identity' }], { identity: someone('ada') }),
    );
  });

  test('argument values belong to it, apart from the other parts; ids are the same as number and as text', () => {
    const withArgs = (...more: unknown[]): string => keyOf([{ kind: 'ip' }], { clientIp: '1.2.3.4' }, more);
    expect(new Set([withArgs(), withArgs('a'), withArgs('a', 'b'), withArgs('ab'), withArgs(null)]).size).toBe(5);
    expect(keyOf([], {}, [])).toBe('');
  });

  test('long ones are as long as short ones, so nobody fills the store', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 100, maxLength: 5000 }), (text) => {
        expect(keyOf([header('x')], { header: () => text }).length).toBeLessThanOrEqual(60);
      }),
    );
  });
});
