import { stampResolutionMs } from '../LimitRule.js';
import type { LimitRule } from '../LimitRule.js';
import type { Meter } from './Meter.js';

/** When how many were taken. */
interface Log {
  /** A stamp, then how many; oldest first, from `head` on. One list of numbers: two, or a list of objects, take twice the memory. */
  entries: number[];
  head: number;
  total: number;
}

/** Dropped numbers are cleared away when there are this many. */
const COMPACT_AT = 64;

/** A log of what was let through: at most `max` in any stretch of the window. At most MAX_STAMPS entries a caller. */
export function createSlidingWindow(rule: LimitRule): Meter<Log> {
  const { max, windowMs } = rule;
  const resolution = stampResolutionMs(rule);

  const forget = (log: Log, now: number): void => {
    const { entries } = log;
    const until = now - windowMs;
    while (log.head < entries.length && entries[log.head]! <= until) {
      log.total -= entries[log.head + 1]!;
      log.head += 2;
    }
    if (log.head === 0) return;
    if (log.head === entries.length) log.entries = [];
    else if (log.head < COMPACT_AT) return;
    else log.entries = entries.slice(log.head);
    log.head = 0;
  };

  return {
    start: () => ({ entries: [], head: 0, total: 0 }),
    available(log, now) {
      forget(log, now);
      return max - log.total;
    },
    take(log, units, now) {
      const { entries } = log;
      const stamp = Math.ceil(now / resolution) * resolution;
      const last = entries.length - 2;
      if (last >= log.head && entries[last]! >= stamp) entries[last + 1]! += units;
      // A literal has room for what is in it; an empty list that grows gets room for 17 at once.
      else if (entries.length === 0) log.entries = [stamp, units];
      else entries.push(stamp, units);
      log.total += units;
    },
    giveBack(log, units, at) {
      const { entries } = log;
      const stamp = Math.ceil(at / resolution) * resolution;
      let left = units;
      // From the entry that it was counted in, and older ones: what is left then counts no shorter than it would.
      for (let i = entries.length - 2; i >= log.head && left > 0; i -= 2) {
        if (entries[i]! > stamp) continue;
        const back = Math.min(left, entries[i + 1]!);
        entries[i + 1]! -= back;
        log.total -= back;
        left -= back;
      }
    },
    waitMs(log, units, now) {
      if (units > max) return Infinity;
      const { entries } = log;
      let excess = log.total + units - max;
      for (let at = log.head; at < entries.length && excess > 0; at += 2) {
        excess -= entries[at + 1]!;
        if (excess <= 0) return Math.max(0, entries[at]! + windowMs - now);
      }
      return 0;
    },
    resetMs: (log, now) => (log.head < log.entries.length ? Math.max(0, log.entries[log.head]! + windowMs - now) : 0),
    memoryMs: windowMs + resolution,
    weigh: ({ entries: { length } }) => 96 + 8 * (length <= 2 ? length : 1.5 * length + 16),
  };
}
