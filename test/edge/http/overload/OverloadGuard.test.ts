import { expect, test } from 'vitest';

import { OverloadGuard } from '../../../../src/edge/http/overload/OverloadGuard.js';

function setUp(options: { maxInFlight?: number } = {}) {
  const state = { time: 0, lag: 0, heap: 0 };
  const clock = { now: () => state.time, monotonic: () => state.time, schedule: () => () => {} };
  const guard = new OverloadGuard(
    { maxInFlight: options.maxInFlight ?? 2, maxEventLoopLagMs: 100, maxHeapShare: 0.9 },
    { lagMs: () => state.lag, heapShare: () => state.heap },
    clock,
  );
  return { guard, state };
}

test('SHED-01: takes as many requests as it may and refuses the next at once', () => {
  const { guard } = setUp();
  expect([guard.enter(), guard.enter(), guard.enter()]).toEqual([undefined, undefined, 'in_flight']);
  expect(guard.inFlight).toBe(2);
});

test('SHED-04: is as before when the overload ends, with no stuck counter', () => {
  const { guard } = setUp();
  for (let i = 0; i < 50; i++) guard.enter();
  guard.leave();
  guard.leave();
  expect(guard.inFlight).toBe(0);
  expect(guard.enter()).toBeUndefined();
});

test('SHED-06: is unready after sustained shedding, and ready again by itself', () => {
  const { guard, state } = setUp({ maxInFlight: 1 });
  guard.enter();
  for (let i = 0; i < 100; i++) guard.enter();
  expect(guard.isReady).toBe(true);
  guard.enter();
  expect(guard.isReady).toBe(false);
  state.time = 10_000;
  expect(guard.isReady).toBe(true);
});

test('SHED-08: refuses while the heap is nearly full, lets the others finish, and takes requests after a collection', () => {
  const { guard, state } = setUp();
  expect(guard.enter()).toBeUndefined();
  state.heap = 0.95;
  state.time = 300;
  expect(guard.enter()).toBe('heap');
  guard.leave();
  state.heap = 0.5;
  state.time = 600;
  expect(guard.enter()).toBeUndefined();
});

test('refuses when the event loop is late twice in a row, not for one pause', () => {
  const { guard, state } = setUp({ maxInFlight: 10 });
  state.lag = 500;
  expect(guard.enter()).toBeUndefined();
  state.time = 300;
  expect(guard.enter()).toBe('event_loop');
  state.lag = 0;
  state.time = 600;
  expect(guard.enter()).toBeUndefined();
});
