import type { Clock } from '../../src/base/kit/Clock.js';

/** A clock that a test turns by hand; what is due is called in its order while it is turned. */
export interface TurnableClock extends Clock {
  turn(ms: number): void;
  /** Callbacks that wait. */
  readonly scheduled: number;
}

export function turnableClock(): TurnableClock {
  let now = 1_700_000_000_000;
  let entries: Array<{ readonly at: number; readonly callback: () => void }> = [];
  return {
    now: () => now,
    monotonic: () => now,
    schedule(callback, delayMs) {
      const entry = { at: now + Math.max(0, delayMs), callback };
      entries.push(entry);
      return () => (entries = entries.filter((each) => each !== entry));
    },
    turn(ms) {
      const end = now + ms;
      for (;;) {
        const next = entries.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0];
        if (next === undefined) break;
        entries = entries.filter((each) => each !== next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
    get scheduled() {
      return entries.length;
    },
  };
}
