import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { PlanPlaces } from '../../../src/engine/plan/apollo/PlanPlaces.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('gives the place of a slow plan to others, for as many slow plans as there are places', () => {
  let told = 0;
  const places = new PlanPlaces(1, () => (told += 1));
  const endFirst = places.take();
  expect([places.free, places.threads]).toEqual([false, 1]);
  vi.advanceTimersByTime(500);
  expect([places.free, places.threads, told]).toEqual([true, 2, 1]);
  const endSecond = places.take();
  vi.advanceTimersByTime(5_000);
  expect([places.free, places.threads, told]).toEqual([false, 2, 1]);
  endFirst();
  vi.advanceTimersByTime(500);
  expect([places.free, places.threads, told]).toEqual([true, 2, 2]);
  endSecond();
  expect([places.free, places.threads]).toEqual([true, 1]);
});

it('keeps no timer of a plan that is over', () => {
  const places = new PlanPlaces(2, () => {});
  places.take()();
  expect(vi.getTimerCount()).toBe(0);
});
