import type { Clock } from '../../base/kit/Clock.js';
import { systemClock } from '../../base/kit/Clock.js';

import { Budget, Counters } from './Counters.js';
import type { Adjustment, Claim, Group, Limiter, Spending, Standing } from './Limiter.js';
import type { LimitRule } from './LimitRule.js';
import { createMeter } from './meters/createMeter.js';
import type { Meter } from './meters/Meter.js';

export interface MemoryLimiterOptions {
  /** Memory of all counters together, estimated; bytes. Default 100 MB: some 330,000 callers of one sliding window. */
  readonly maxBytes?: number | undefined;
  readonly clock?: Clock | undefined;
}

interface Book {
  readonly meter: Meter<unknown>;
  readonly counters: Counters;
}

const DEFAULT_MAX_BYTES = 100_000_000;

/** Counts in this process, exactly. HOT: once per request with limits; synchronous. */
export class MemoryLimiter implements Limiter {
  readonly #clock: Clock;
  readonly #budget: Budget;
  readonly #books = new Map<string, Book>();
  /** The same, found without putting a name together. */
  readonly #known = new WeakMap<LimitRule, Book>();

  constructor({ maxBytes = DEFAULT_MAX_BYTES, clock = systemClock }: MemoryLimiterOptions = {}) {
    this.#clock = clock;
    this.#budget = new Budget(maxBytes);
  }

  /** What the counters weigh, estimated; bytes. */
  get bytes(): number {
    return this.#budget.bytes;
  }

  /** Counters thrown out for want of memory while they still counted. */
  get evictions(): number {
    return this.#budget.evictions;
  }

  spend(groups: readonly Group[]): readonly Spending[] {
    const now = this.#clock.now();
    const spendings: Spending[] = [];
    let isStopped = false;
    for (const group of groups) {
      const spending = this.#spend(group, isStopped, now);
      if (group.decides && spending.granted < group.units) isStopped = true;
      spendings.push(spending);
    }
    return spendings;
  }

  adjust(adjustments: readonly Adjustment[]): void {
    const now = this.#clock.now();
    for (const { claim, units, at } of adjustments) {
      const { book, counter } = this.#open(claim, now);
      if (units < 0) book.meter.giveBack(counter.state, -units, at);
      else book.meter.take(counter.state, units, now);
      book.counters.weigh(counter, now);
    }
  }

  close(): Promise<void> {
    this.#books.clear();
    return Promise.resolve();
  }

  #spend({ units, claims, decides }: Group, isStopped: boolean, now: number): Spending {
    const open = claims.map((claim) => this.#open(claim, now));
    let granted = isStopped ? 0 : units;
    for (const { claim, book, counter } of open) {
      if (granted === 0) break;
      if (claim.cost === 0) continue;
      granted = Math.min(granted, Math.max(0, Math.floor(book.meter.available(counter.state, now) / claim.cost)));
    }
    if (decides && granted < units) granted = 0;
    const standings: Standing[] = [];
    for (const { claim, book, counter } of open) {
      const { meter, counters } = book;
      const counted = isStopped || claim.readOnly ? 0 : claim.rule.countRejected ? units : granted;
      const taken = counted * claim.cost;
      if (taken > 0) {
        meter.take(counter.state, taken, now);
        counters.weigh(counter, now);
      }
      standings.push({
        remaining: Math.max(0, meter.available(counter.state, now)),
        retryAfterMs: granted < units ? meter.waitMs(counter.state, claim.cost, now) : 0,
        resetMs: meter.resetMs(counter.state, now),
        at: now,
      });
    }
    return { granted, standings };
  }

  #open(claim: Claim, now: number): { claim: Claim; book: Book; counter: ReturnType<Counters['of']> } {
    const book = this.#bookOf(claim.rule);
    return { claim, book, counter: book.counters.of(claim.tenant, claim.key, now) };
  }

  /** Rules of several generations that count alike share their counters: a reload forgives nobody. */
  #bookOf(rule: LimitRule): Book {
    const known = this.#known.get(rule);
    if (known !== undefined) return known;
    const { name, algorithm, max, windowMs, burst, calendar, countRejected } = rule;
    const id = `${name}\n${algorithm}\n${max}\n${windowMs}\n${burst}\n${calendar ?? ''}\n${countRejected}`;
    let book = this.#books.get(id);
    if (book === undefined) {
      const meter = createMeter(rule);
      this.#books.set(id, (book = { meter, counters: new Counters(meter, this.#budget) }));
    }
    this.#known.set(rule, book);
    return book;
  }
}
