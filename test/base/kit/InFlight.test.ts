import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { InFlight } from '../../../src/base/kit/InFlight.js';

interface Item {
  slot: number;
}

describe('what is under way', () => {
  it('is let go once, however often it is removed', () => {
    const held = new InFlight<Item>();
    const [first, second] = [{ slot: -1 }, { slot: -1 }];
    held.add(first);
    held.add(second);
    held.remove(first);
    held.remove(first);
    expect(held.all()).toEqual([second]);
    expect(first.slot).toBe(-1);
  });

  it('can change while it is gone through', () => {
    const held = new InFlight<Item>();
    const items = Array.from({ length: 5 }, () => ({ slot: -1 }));
    for (const item of items) held.add(item);
    for (const item of held.all()) held.remove(item);
    expect(held.size).toBe(0);
  });

  it('holds what a Set would hold', () => {
    const holdsTheSame = (toggles: number[]): void => {
      const items = Array.from({ length: 10 }, () => ({ slot: -1 }));
      const held = new InFlight<Item>();
      const model = new Set<Item>();
      for (const at of toggles) {
        const item = items[at]!;
        if (model.has(item)) {
          held.remove(item);
          model.delete(item);
        } else {
          held.add(item);
          model.add(item);
        }
        expect(held.size).toBe(model.size);
        expect(new Set(held.all())).toEqual(model);
      }
    };
    fc.assert(fc.property(fc.array(fc.nat(9)), holdsTheSame));
  });
});
