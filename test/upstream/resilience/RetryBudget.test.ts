import { describe, expect, it } from 'vitest';

import { RetryBudget } from '../../../src/upstream/resilience/RetryBudget.js';
import { handClock } from '../../support/handClock.js';

function takeAll(budget: RetryBudget): number {
  let taken = 0;
  while (taken < 10_000 && budget.take()) taken++;
  return taken;
}

describe('a retry budget', () => {
  it('has a floor however few calls there are', () => {
    const budget = new RetryBudget({ percent: 20, minRetries: 3 }, handClock());
    expect(takeAll(budget)).toBe(3);
  });

  it('is a share of the calls of the last ten seconds, and not more', () => {
    const clock = handClock();
    const budget = new RetryBudget({ percent: 20, minRetries: 3 }, clock);
    for (let call = 0; call < 1000; call++) budget.count();
    expect(takeAll(budget)).toBe(200);
    clock.turn(9000);
    expect(takeAll(budget)).toBe(0);
    for (let call = 0; call < 100; call++) budget.count();
    expect(takeAll(budget)).toBe(20);
    // The thousand calls and their retries are over; the hundred count on.
    clock.turn(2000);
    expect(takeAll(budget)).toBe(0);
    clock.turn(60_000);
    expect(takeAll(budget)).toBe(3);
  });

  it('of nothing gives nothing', () => {
    const budget = new RetryBudget({ percent: 0, minRetries: 0 }, handClock());
    for (let call = 0; call < 100; call++) budget.count();
    expect(budget.take()).toBe(false);
  });
});
