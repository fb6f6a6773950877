import { describe, expect, it, vi } from 'vitest';

import { LeaseTable } from '../../../src/upstream/resilience/LeaseTable.js';

describe('a lease table', () => {
  it('gives the same value for the same key while anybody holds it, and a new one afterwards', () => {
    const dispose = vi.fn<(value: unknown) => void>();
    const table = new LeaseTable<object>(dispose);
    const first = table.acquire('a', () => ({}));
    const second = table.acquire('a', () => ({}));
    expect(second.value).toBe(first.value);
    first.release();
    expect(table.acquire('a', () => ({})).value).toBe(second.value);
    expect(dispose).not.toHaveBeenCalled();
  });

  it('counts a lease that is released twice once', () => {
    const dispose = vi.fn<(value: unknown) => void>();
    const table = new LeaseTable<number>(dispose);
    const first = table.acquire('a', () => 1);
    const second = table.acquire('a', () => 2);
    first.release();
    first.release();
    expect(table.size).toBe(1);
    second.release();
    expect([table.size, dispose.mock.calls]).toEqual([0, [[1]]]);
  });

  it('keeps nothing of a value that could not be made', () => {
    const table = new LeaseTable<number>();
    const fail = (): number => {
      throw new Error('no');
    };
    expect(() => table.acquire('a', fail)).toThrow('no');
    expect(table.size).toBe(0);
  });

  it('has the values of all keys, oldest first', () => {
    const table = new LeaseTable<string>();
    for (const key of ['b', 'a', 'b']) table.acquire(key, () => key);
    expect(table.values()).toEqual(['b', 'a']);
  });
});
