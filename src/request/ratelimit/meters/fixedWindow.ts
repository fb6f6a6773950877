import type { LimitRule } from '../LimitRule.js';
import type { Meter } from './Meter.js';

interface Counter {
  endsAt: number;
  used: number;
}

/** At most `max` in each window. Around the edge of two windows twice as many can come together: that is what it is. */
export function createFixedWindow(rule: LimitRule): Meter<Counter> {
  const { max } = rule;
  const used = (counter: Counter, now: number): number => (now < counter.endsAt ? counter.used : 0);
  return {
    start: () => ({ endsAt: 0, used: 0 }),
    available: (counter, now) => max - used(counter, now),
    take(counter, units, now) {
      if (now >= counter.endsAt) {
        counter.endsAt = windowEnd(rule, now);
        counter.used = 0;
      }
      counter.used += units;
    },
    giveBack(counter, units, at) {
      if (windowEnd(rule, at) === counter.endsAt) counter.used = Math.max(0, counter.used - units);
    },
    waitMs(counter, units, now) {
      if (units > max) return Infinity;
      return used(counter, now) + units <= max ? 0 : counter.endsAt - now;
    },
    resetMs: (counter, now) => Math.max(0, counter.endsAt - now),
    memoryMs: rule.windowMs,
    weigh: () => 56,
  };
}

/** The end of the window that `now` (milliseconds since 1970) lies in: the first moment of the next one. */
export function windowEnd({ calendar, windowMs }: LimitRule, now: number): number {
  const date = new Date(now);
  switch (calendar) {
    case 'day':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
    case 'month':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
    case undefined:
      return (Math.floor(now / windowMs) + 1) * windowMs;
  }
}
