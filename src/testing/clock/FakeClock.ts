import type { Clock } from '../../base/kit/Clock.js';

/** A clock that stands still until a test turns it: for deadlines, delays, windows, expiry dates, back-offs and breakers. */
export interface FakeClock extends Clock {
  /**
   * Lets time pass: what falls due is called in order, each at its own moment, and what it sets in motion is let run before the next.
   *
   * Before it starts, requests that are under way get as far as they can without time: `gateway.execute(…)` and then `await
   * clock.advance(3000)` is enough to see a deadline pass.
   */
  advance(ms: number): Promise<void>;
  /** Turns it forward to a date (milliseconds since 1970, or anything `Date` understands). Errors: a RangeError for the past. */
  set(date: number | string | Date): Promise<void>;
  /** How much is scheduled. */
  readonly pending: number;
}

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** Turns of the event loop that count as "nothing more happens without time". */
const QUIET_TURNS = 12;
/** Work outside the event loop (signatures, sockets) is waited for no longer than this, in milliseconds. */
const MAX_WAIT_MS = 250;

/** Says whether something is under way that time does not hold up. The test gateway asks clocks to watch it. */
export type IsBusy = () => boolean;

class Watched implements FakeClock {
  readonly #start: number;
  readonly #due: Due[] = [];
  readonly #watched = new Set<IsBusy>();
  #elapsed = 0;

  constructor(start: number) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  schedule(callback: () => void, delayMs: number): () => void {
    const due = { at: this.#elapsed + Math.max(0, delayMs), callback };
    // Behind those of the same moment: first come, first served.
    const before = this.#due.findIndex(({ at }) => at > due.at);
    this.#due.splice(before < 0 ? this.#due.length : before, 0, due);
    return () => {
      const at = this.#due.indexOf(due);
      if (at >= 0) this.#due.splice(at, 1);
    };
  }

  get pending(): number {
    return this.#due.length;
  }

  async advance(ms: number): Promise<void> {
    if (!(typeof ms === 'number' && ms >= 0 && ms < Infinity)) throw new RangeError(`A clock goes forward: ${ms} ms`);
    await this.#settle();
    const until = this.#elapsed + ms;
    for (let next = this.#due[0]; next !== undefined && next.at <= until; next = this.#due[0]) {
      this.#due.shift();
      this.#elapsed = next.at;
      next.callback();
      await this.#settle();
    }
    this.#elapsed = until;
    await this.#settle();
  }

  async set(date: number | string | Date): Promise<void> {
    const at = timeOf(date);
    if (at < this.now()) throw new RangeError(`A clock goes forward: ${new Date(at).toISOString()} has passed`);
    await this.advance(at - this.now());
  }

  watch(isBusy: IsBusy): () => void {
    this.#watched.add(isBusy);
    return () => void this.#watched.delete(isBusy);
  }

  async #settle(): Promise<void> {
    const startedAt = performance.now();
    for (let turn = 0; turn < QUIET_TURNS; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (turn === QUIET_TURNS - 1 && performance.now() - startedAt < MAX_WAIT_MS && this.#isBusy()) turn = 0;
    }
  }

  #isBusy(): boolean {
    for (const isBusy of this.#watched) if (isBusy()) return true;
    return false;
  }
}

/** A clock that stands at `start`; default: 2026-01-01, midnight UTC, so that dates in snapshots stay. */
export function fakeClock(start: number | string | Date = '2026-01-01T00:00:00Z'): FakeClock {
  return new Watched(timeOf(start));
}

/** Lets `clock` wait for `isBusy` before it moves, where it is one of ours. Gives what ends that. */
export function watchedBy(clock: Clock | undefined, isBusy: IsBusy): () => void {
  return clock instanceof Watched ? clock.watch(isBusy) : () => {};
}

function timeOf(date: number | string | Date): number {
  const time = new Date(date).getTime();
  if (Number.isNaN(time)) throw new RangeError(`Not a date: ${String(date)}`);
  return time;
}
