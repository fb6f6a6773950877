import type { Clock } from '../../src/base/kit/Clock.js';

/** Time that stands still until a test turns it. */
export interface HandClock extends Clock {
  /** Moves both clocks on and runs what falls due, in order. */
  turn(ms: number): void;
  /** Sets the wall clock alone, as NTP does. */
  jump(ms: number): void;
}

export function handClock(now = Date.parse('2026-01-01T00:00:00Z')): HandClock {
  let wall = now;
  let monotonic = 1000;
  let due: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => wall,
    monotonic: () => monotonic,
    schedule(callback, delayMs) {
      const entry = { at: monotonic + delayMs, callback };
      due.push(entry);
      return () => void (due = due.filter((other) => other !== entry));
    },
    turn(ms) {
      const until = monotonic + ms;
      for (;;) {
        const next = due.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        due = due.filter((other) => other !== next);
        wall += next.at - monotonic;
        monotonic = next.at;
        next.callback();
      }
      wall += until - monotonic;
      monotonic = until;
    },
    jump: (ms) => void (wall += ms),
  };
}
