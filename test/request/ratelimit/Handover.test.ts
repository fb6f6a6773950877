import { describe, expect, test } from 'vitest';

import { Handover } from '../../../src/request/ratelimit/Handover.js';
import type { Adjustment, Group } from '../../../src/request/ratelimit/Limiter.js';
import { MemoryLimiter } from '../../../src/request/ratelimit/MemoryLimiter.js';
import { claim, group, rule } from './rules.js';

class Noting extends MemoryLimiter {
  readonly adjusted: Adjustment[] = [];
  override adjust(adjustments: readonly Adjustment[]): void {
    this.adjusted.push(...adjustments);
    super.adjust(adjustments);
  }
}

function handover() {
  const state = { isReady: false, released: 0 };
  const [former, next] = [new Noting(), new Noting()];
  const limiter = new Handover({ limiter: former, release: () => void state.released++ }, next, () => state.isReady);
  const limit = rule({ max: 5 });
  const spend = (units: number, asked = claim(limit)) => limiter.spend([group([asked], { units })] as Group[]);
  return { state, former, next, limiter, limit, spend };
}

describe('from one store to the next', () => {
  test('is counted in the former until the next can be asked, and never there again', () => {
    const { state, spend } = handover();
    expect(spend(3)).toMatchObject([{ granted: 3 }]);
    expect(spend(3)).toMatchObject([{ granted: 2 }]);
    expect(state.released).toBe(0);
    state.isReady = true;
    expect(spend(4)).toMatchObject([{ granted: 4 }]);
    state.isReady = false;
    expect(spend(4)).toMatchObject([{ granted: 1 }]);
    expect(state.released).toBe(1);
  });

  test('what the former granted is corrected there, or not at all', () => {
    const { state, spend, former, next, limiter, limit } = handover();
    const [early, late] = [claim(limit), claim(limit)];
    void spend(3, early);
    void limiter.adjust([{ claim: early, units: -1, at: 0 }]);
    expect(former.adjusted).toHaveLength(1);
    state.isReady = true;
    void spend(3, late);
    void limiter.adjust([early, late].map((each) => ({ claim: each, units: -1, at: 0 })));
    expect(former.adjusted).toHaveLength(1);
    expect(next.adjusted.map((adjustment) => adjustment.claim)).toEqual([late]);
  });

  test('the former is given back when the next is closed before it could be asked', async () => {
    const { state, limiter } = handover();
    await limiter.close();
    expect(state.released).toBe(1);
  });
});
