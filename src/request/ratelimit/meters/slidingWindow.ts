import { stampResolutionMs } from '../LimitRule.js';
import type { LimitRule } from '../LimitRule.js';
import type { Meter } from './Meter.js';

/** When how many were taken, oldest first, from `head` on. */
interface Log {
  readonly stamps: number[];
  readonly counts: number[];
  head: number;
  total: number;
}

/** Dropped entries are cleared away when there are this many. */
const COMPACT_AT = 32;

/** A log of what was let through: at most `max` in any stretch of the window. At most MAX_STAMPS entries a caller. */
export function createSlidingWindow(rule: LimitRule): Meter<Log> {
  const { max, windowMs } = rule;
  const resolution = stampResolutionMs(rule);

  const forget = (log: Log, now: number): void => {
    const { stamps, counts } = log;
    const until = now - windowMs;
    while (log.head < stamps.length && stamps[log.head]! <= until) log.total -= counts[log.head++]!;
    if (log.head < COMPACT_AT && log.head < stamps.length) return;
    stamps.splice(0, log.head);
    counts.splice(0, log.head);
    log.head = 0;
  };

  return {
    start: () => ({ stamps: [], counts: [], head: 0, total: 0 }),
    available(log, now) {
      forget(log, now);
      return max - log.total;
    },
    take(log, units, now) {
      const { stamps, counts } = log;
      const stamp = Math.ceil(now / resolution) * resolution;
      const last = stamps.length - 1;
      if (last >= log.head && stamps[last]! >= stamp) {
        counts[last]! += units;
      } else {
        stamps.push(stamp);
        counts.push(units);
      }
      log.total += units;
    },
    waitMs(log, units, now) {
      if (units > max) return Infinity;
      let excess = log.total + units - max;
      for (let at = log.head; at < log.stamps.length && excess > 0; at++) {
        excess -= log.counts[at]!;
        if (excess <= 0) return Math.max(0, log.stamps[at]! + windowMs - now);
      }
      return 0;
    },
    resetMs: (log, now) => (log.head < log.stamps.length ? Math.max(0, log.stamps[log.head]! + windowMs - now) : 0),
    memoryMs: windowMs + resolution,
    weigh: (log) => 96 + 16 * log.stamps.length,
  };
}
