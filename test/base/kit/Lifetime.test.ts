import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { fakeClock } from '../../../src/testing/clock/FakeClock.js';

describe('Lifetime', () => {
  it('tells every listener of its end, though each takes itself off', () => {
    const lifetime = new Lifetime(Infinity);
    const told: number[] = [];
    for (const number of [1, 2, 3, 4]) {
      const stop = lifetime.onEnd(() => {
        stop();
        told.push(number);
      });
    }
    lifetime.end('cancelled');
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('does not tell a listener that another has taken off meanwhile', () => {
    const lifetime = new Lifetime(Infinity);
    const told: number[] = [];
    lifetime.onEnd(() => stopSecond());
    const stopSecond = lifetime.onEnd(() => told.push(2));
    lifetime.onEnd(() => told.push(3));
    lifetime.end('deadline');
    expect(told).toEqual([3]);
  });

  it('ends all of its children', () => {
    const lifetime = new Lifetime(Infinity);
    const children = [1, 2, 3].map(() => lifetime.child(60_000));
    lifetime.end('cancelled');
    expect(children.map(({ ended }) => ended)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('goes by the clock that it is given, and so do those that come from it', async () => {
    const clock = fakeClock();
    const lifetime = new Lifetime(100, clock);
    const child = lifetime.child(40);
    const other = child.another(70);
    expect([lifetime, child, other].map((each) => each.remainingMs())).toEqual([100, 40, 70]);
    await clock.advance(40);
    expect([lifetime, child, other].map(({ ended }) => ended)).toEqual([undefined, 'deadline', undefined]);
    await clock.advance(60);
    expect([lifetime.ended, other.ended]).toEqual(['deadline', 'deadline']);
  });

  it('leaves nothing on its clock when it is closed', () => {
    const clock = fakeClock();
    const lifetime = new Lifetime(100, clock);
    lifetime.child(40).close();
    expect(clock.pending).toBe(1);
    lifetime.close();
    expect(clock.pending).toBe(0);
  });
});
