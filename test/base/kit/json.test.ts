import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MAX_JSON_DEPTH, parseJson, writeJson } from '../../../src/base/kit/json.js';
import { holdsUnsafeInteger, readKeepingIntegers } from '../../../src/base/kit/jsonIntegers.js';

const unsafe = fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }).chain((n) => fc.constantFrom(n, -n));

/** Any JSON value, with bigint leaves and awkward keys. */
const withIntegers = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.oneof(unsafe, fc.maxSafeInteger(), fc.bigInt({ min: 10n ** 15n, max: 2n ** 53n - 1n }).map(Number)),
    fc.oneof(
      unsafe.map(String),
      unsafe.map((n) => `, ${n} ,`),
      fc.constant('"\\": 12345678901234567890'),
    ),
    fc.array(tie('value')),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '1', '12345678901234567890', 'a"')),
      tie('value'),
    ),
  ),
})).value;

/** With each bigint as the number that JSON.parse would have given. */
function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

function hasBigInt(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasBigInt);
  return typeof value === 'bigint';
}

describe('parseJson', () => {
  it('equals JSON.parse but for the integers that it rounds, whatever the white space', () => {
    fc.assert(
      fc.property(
        fc.json({ stringUnit: 'binary' }),
        withIntegers,
        fc.constantFrom('', ' ', '\t\r\n'),
        (plain, rich, space) => {
          for (const source of [plain, writeJson(rich)]) {
            const text = source.replace(
              /("(?:[^"\\]|\\.)*")|[[\]{},:]/gs,
              (token, string?: string) => string ?? space + token + space,
            );
            const expected: unknown = JSON.parse(text);
            expect(isDeepStrictEqual(rounded(parseJson(text)), expected)).toBe(true);
            expect(isDeepStrictEqual(rounded(readKeepingIntegers(text)), expected)).toBe(true);
            if (holdsUnsafeInteger(text)) expect(hasBigInt(parseJson(text))).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads back what writeJson wrote, bigints, awkward keys and all', () => {
    fc.assert(
      fc.property(withIntegers, (value) => {
        const text = writeJson(value);
        expect(writeJson(parseJson(text))).toBe(text);
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    [' 12345678901234567890 ', 12345678901234567890n],
    ['[1,-12345678901234567890,2]', [1, -12345678901234567890n, 2]],
    ['{"a" : 12345678901234567890}', { a: 12345678901234567890n }],
    ['12345678901234567890.0', 12345678901234567890],
    ['12345678901234567890e1', 123456789012345678900],
    ['0.12345678901234567890', 0.1234567890123456789],
    ['1e400', Infinity],
    ['-0', -0],
    ['"12345678901234567890"', '12345678901234567890'],
    ['{"a":1,"b":12345678901234567890,"a":2}', { a: 2, b: 12345678901234567890n }],
    ['["\\ud800",12345678901234567890]', ['\ud800', 12345678901234567890n]],
  ])('reads %s', (text, expected) => {
    expect(parseJson(text)).toStrictEqual(expected);
  });

  it('keeps an own __proto__ key on both paths, without touching a prototype', () => {
    for (const tail of ['1', '12345678901234567890']) {
      const read = parseJson(`{"__proto__":{"isAdmin":true},"n":${tail}}`) as object;
      expect(Object.keys(read)).toEqual(['__proto__', 'n']);
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
      expect('isAdmin' in read).toBe(false);
    }
  });

  it('takes the slow reader only for unquoted integers', () => {
    const id = '12345678901234567890';
    expect(holdsUnsafeInteger(`{"id":"${id}","text":"say: ${id}, or [${id}] \\" ${id} "}`)).toBe(false);
    expect(holdsUnsafeInteger(`{"time":1764000000000000,"f":0.${id},"g":1.${id}e5}`)).toBe(false);
    expect(holdsUnsafeInteger(`{"text":"say: ${id}", "id": ${id}}`)).toBe(true);
  });

  it('finds the integer at every offset', () => {
    for (let pad = 0; pad < 40; pad++) {
      const text = `{"${'k'.repeat(pad)}":9007199254740993}`;
      expect(parseJson(text)).toEqual({ ['k'.repeat(pad)]: 9007199254740993n });
    }
  });

  it('throws what JSON.parse throws', () => {
    for (const text of ['', '{', '[1,]', "{'a':1}", 'NaN', '{"a":1} x', '01', '"\u0001"', '[12345678901234567890,]']) {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    }
  });

  it('refuses nesting beyond the limit with a SyntaxError, at a million levels too', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(MAX_JSON_DEPTH))).toBeInstanceOf(Array);
    expect(() => parseJson(nested(MAX_JSON_DEPTH + 1))).toThrow(/deeper than 2000/);
    expect(() => parseJson(nested(1_000_000))).toThrow(SyntaxError);
    expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow(SyntaxError);
    expect(() => parseJson(`[${'"]",['.repeat(3000)}${']'.repeat(3001)}`)).toThrow(/deeper than 2000/);
  });

  it('does not take width or brackets in strings for depth', () => {
    expect(parseJson(`[${'{},'.repeat(10_000)}1]`)).toHaveLength(10_001);
    expect(parseJson(`["${'['.repeat(10_000)}","\\"${'{'.repeat(10_000)}"]`)).toHaveLength(2);
  });
});

describe('writeJson', () => {
  it('equals JSON.stringify without bigints', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(writeJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('writes bigints as digits and treats everything around them as JSON.stringify does', () => {
    const at = new Date(0);
    const around = { u: undefined, f: () => 1, l: [undefined, NaN, -0, '\ud800'], at, 'k"': { toJSON: () => 'j' } };
    expect(writeJson({ n: 2n ** 64n, ...around })).toBe(`{"n":18446744073709551616,${JSON.stringify(around).slice(1)}`);
    expect(writeJson(undefined)).toBe('null');
  });

  it('fails cleanly on cycles', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => writeJson(cycle)).toThrow(TypeError);
  });
});
