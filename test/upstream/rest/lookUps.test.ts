import { describe, expect, it } from 'vitest';

import { parseKey } from '../../../src/supergraph/connect/KeyTree.js';
import { inParallel } from '../../../src/upstream/rest/inParallel.js';
import { keyOf, keyText } from '../../../src/upstream/rest/keyText.js';
import { LookUps, settled } from '../../../src/upstream/rest/LookUps.js';
import type { Slot } from '../../../src/upstream/rest/LookUps.js';

describe('look-ups of one request', () => {
  function recorded(): { readonly batches: string[][]; readonly lookUps: LookUps } {
    const batches: string[][] = [];
    const lookUps = new LookUps((slots) => {
      batches.push(slots.map(({ id }) => id));
      for (const slot of slots) slot.outcome = { value: slot.id };
      return Promise.resolve();
    });
    return { batches, lookUps };
  }

  it('of one turn are made together, equal ones once', async () => {
    const { batches, lookUps } = recorded();
    const ask = async (ids: readonly string[]): Promise<readonly Slot[]> => {
      await Promise.resolve();
      const slots = ids.map((id) => lookUps.slot(id, undefined));
      await settled(slots);
      return slots;
    };
    const [first, second] = await Promise.all([ask(['a', 'b']), ask(['b', 'c'])]);
    expect(batches).toEqual([['a', 'b', 'c']]);
    expect(first[1]).toBe(second[0]);
    expect(second.map(({ outcome }) => outcome)).toEqual([{ value: 'b' }, { value: 'c' }]);
  });

  it('that were made are not made again, and new ones wait for nothing', async () => {
    const { batches, lookUps } = recorded();
    await settled([lookUps.slot('a', undefined)]);
    await settled([lookUps.slot('a', undefined), lookUps.slot('b', undefined)]);
    expect(batches).toEqual([['a'], ['b']]);
  });
});

describe('keys as text', () => {
  const of = (key: string, value: unknown): string | undefined => keyText(value, parseKey(key)!);

  it('are equal for numbers and their digits', () => {
    expect(of('id', { id: 7 })).toBe(of('id', { id: '7', more: 1 }));
    expect(of('id', { id: 9007199254740993n })).toBe(of('id', { id: '9007199254740993' }));
  });

  it('cannot be mistaken for one another', () => {
    expect(of('a b', { a: '1","2', b: '3' })).not.toBe(of('a b', { a: '1', b: '2","3' }));
    expect(of('a { b } c', { a: { b: 1 }, c: 2 })).toBe(of('a { b } c', { a: { b: '1', x: 0 }, c: '2' }));
  });

  it.each([[{ id: null }], [{}], [null], ['id'], [Object.create({ id: 1 })], [[{ id: 1 }]]])(
    'do not exist for %j',
    (value) => {
      expect(of('id', value)).toBeUndefined();
    },
  );

  it('give the fields of the key and no others', () => {
    expect(keyOf({ id: 1, size: { unit: 'cm', value: 3 }, name: 'x' }, parseKey('id size { unit }')!)).toEqual({
      id: 1,
      size: { unit: 'cm' },
    });
  });
});

describe('work in parallel', () => {
  it('is bounded, and results keep the order', async () => {
    let [running, most] = [0, 0];
    const results = await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return item * 2;
    });
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(most).toBe(3);
    expect(await inParallel([], 3, () => Promise.resolve(1))).toEqual([]);
  });
});
