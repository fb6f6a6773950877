import type { LimitRule } from '../LimitRule.js';
import type { Meter } from './Meter.js';

/** `fullAt`: when the bucket will be full again if nothing more is taken ("theoretical arrival time"). */
interface Bucket {
  fullAt: number;
}

/** Rounding of a division by the interval; far below one unit. */
const EPSILON = 1e-9;

/**
 * Never more than `burst` at once, and `max` per window on average. One number per caller.
 *
 * Source: generic cell rate algorithm, virtual scheduling form, ITU-T I.371.
 */
export function createTokenBucket({ max, windowMs, burst }: LimitRule): Meter<Bucket> {
  const interval = max === 0 ? Infinity : windowMs / max;
  const capacity = burst * interval;
  return {
    start: () => ({ fullAt: 0 }),
    available(bucket, now) {
      if (max === 0) return 0;
      return Math.floor((capacity - Math.max(0, bucket.fullAt - now)) / interval + EPSILON);
    },
    take(bucket, units, now) {
      // It can be emptied, no more: whoever turns out to owe more begins with nothing.
      if (max > 0) bucket.fullAt = Math.min(Math.max(bucket.fullAt, now) + units * interval, now + capacity);
    },
    giveBack(bucket, units) {
      // What is full already cannot become fuller: the past counts as now.
      if (max > 0) bucket.fullAt -= units * interval;
    },
    giveBack(bucket, units) {
      // What is full already cannot become fuller: the past counts as now.
      if (max > 0) bucket.fullAt -= units * interval;
    },
    waitMs(bucket, units, now) {
      if (max === 0 || units > burst) return Infinity;
      return Math.max(0, Math.max(bucket.fullAt, now) - (burst - units) * interval - now);
    },
    resetMs: (bucket, now) => Math.max(0, bucket.fullAt - now),
    memoryMs: max === 0 ? windowMs : capacity,
    weigh: () => 48,
  };
}
