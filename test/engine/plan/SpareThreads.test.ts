import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SpareThreads } from '../../../src/engine/plan/apollo/SpareThreads.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('spare threads of the planner', () => {
  it('start a moment after the first, once', () => {
    const onDue = vi.fn<() => void>();
    const spares = new SpareThreads(onDue);
    expect([spares.isDue(false), spares.isDue(false)]).toEqual([false, false]);
    vi.advanceTimersByTime(999);
    expect(onDue).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(onDue).toHaveBeenCalledTimes(1);
    expect(spares.isDue(false)).toBe(true);
  });

  it('start at once when the first is not enough, and it stays so', () => {
    const onDue = vi.fn<() => void>();
    const spares = new SpareThreads(onDue);
    spares.isDue(false);
    expect([spares.isDue(true), spares.isDue(false)]).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leave no timer', () => {
    const spares = new SpareThreads(() => {});
    spares.isDue(false);
    spares.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
