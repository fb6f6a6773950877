import type { Clock } from '../../src/base/kit/Clock.js';

/** A clock that stands still until it is told. Wall time and monotonic time go together. */
export class HandClock implements Clock {
  #now: number;
  #due: Array<{ readonly at: number; readonly callback: () => void }> = [];

  constructor(now = Date.UTC(2026, 0, 31, 12)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  schedule(callback: () => void, delayMs: number): () => void {
    const entry = { at: this.#now + delayMs, callback };
    this.#due.push(entry);
    return () => void (this.#due = this.#due.filter((each) => each !== entry));
  }

  /** Turns it, and calls what has come due, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= until).toSorted((left, right) => left.at - right.at)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }
}
