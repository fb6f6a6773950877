import type { Clock } from '../../src/base/kit/Clock.js';

/** A clock that stands still until it is turned. */
export class HandClock implements Clock {
  #at = 0;
  readonly #due = new Set<{ at: number; run: () => void }>();

  readonly #startedAt: number;

  /** @param startedAt wall time at the beginning, milliseconds since 1970 */
  constructor(startedAt = Date.UTC(2026, 0, 1)) {
    this.#startedAt = startedAt;
  }

  now(): number {
    return this.#startedAt + this.#at;
  }

  monotonic(): number {
    return this.#at;
  }

  schedule(callback: () => void, delayMs: number): () => void {
    const entry = { at: this.#at + Math.max(0, delayMs), run: callback };
    this.#due.add(entry);
    return () => void this.#due.delete(entry);
  }

  /** How many callbacks wait. */
  get waiting(): number {
    return this.#due.size;
  }

  /** Milliseconds until the next callback; undefined when none waits. */
  get nextInMs(): number | undefined {
    const times = [...this.#due].map(({ at }) => at - this.#at);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Moves on and runs what is due, in order; lets promises settle between. */
  async advance(ms: number): Promise<void> {
    const until = this.#at + ms;
    await settled();
    for (;;) {
      const next = [...this.#due].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];
      if (next === undefined) break;
      this.#due.delete(next);
      this.#at = Math.max(this.#at, next.at);
      next.run();
      await settled();
    }
    this.#at = until;
    await settled();
  }
}

/** Lets everything that waits for a promise, and for nothing else, go on. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
