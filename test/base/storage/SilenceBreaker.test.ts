import { expect, test } from 'vitest';

import { SilenceBreaker } from '../../../src/base/storage/SilenceBreaker.js';
import { handClock } from '../../support/handClock.js';

function silentFor(times: number) {
  const clock = handClock();
  const breaker = new SilenceBreaker(clock);
  for (let left = times; left > 0; left--) breaker.silent();
  return { clock, breaker };
}

test('two silences in a row keep nobody from asking, nor do three with an answer in between', () => {
  const { breaker } = silentFor(2);
  expect(breaker.mayAsk()).toBe(true);
  breaker.answered();
  breaker.silent();
  expect(breaker.mayAsk()).toBe(true);
});

test('REDIS-03: after three silences one command a second asks, until there is an answer', () => {
  const { clock, breaker } = silentFor(3);
  expect(breaker.mayAsk()).toBe(false);
  clock.turn(1000);
  expect([breaker.mayAsk(), breaker.mayAsk()]).toEqual([true, false]);
  breaker.silent();
  clock.turn(1000);
  expect(breaker.mayAsk()).toBe(true);
  breaker.answered();
  expect([breaker.mayAsk(), breaker.mayAsk()]).toEqual([true, true]);
});
