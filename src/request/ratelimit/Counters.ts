import type { Meter } from './meters/Meter.js';

/** What is counted for one caller of one rule. */
export interface Counter {
  readonly key: string;
  readonly state: unknown;
  /** As last weighed. */
  bytes: number;
  /** Where it is kept; undefined when it has been forgotten. */
  home: Shelf | undefined;
}

/** Of a Map entry (when its Map has just grown), an object and its key, beside the state itself; bench/rateLimits.ts. Bytes. */
const ENTRY_BYTES = 176;
const TENANT_BYTES = 600;

/** The memory that all counters of a process share. */
export class Budget {
  readonly maxBytes: number;
  bytes = 0;
  /** Counters thrown out for want of room: if they still counted, their callers begin anew. */
  evictions = 0;
  readonly #all: Counters[] = [];

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  join(counters: Counters): void {
    this.#all.push(counters);
  }

  /** Makes room: the rule that uses most gives up what was not used for longest. */
  shrink(now: number): void {
    while (this.bytes > this.maxBytes) {
      let largest = this.#all[0];
      for (const counters of this.#all) if (counters.bytes > (largest?.bytes ?? 0)) largest = counters;
      if (largest === undefined || largest.bytes === 0) return;
      this.evictions += largest.shrink(now, this.maxBytes / 100);
    }
  }
}

class Shelf {
  readonly counters = new Map<string, Counter>();
  bytes = 0;
}

/** Used lately, and used before that. A counter that is used moves from `old` to `young`; turning throws `old` away. */
class Tenant {
  young = new Shelf();
  old = new Shelf();
  turnedAt: number;

  constructor(now: number) {
    this.turnedAt = now;
  }

  get bytes(): number {
    return TENANT_BYTES + this.young.bytes + this.old.bytes;
  }
}

/**
 * The counters of one rule, by tenant and key, within a memory budget.
 *
 * Two shelves a tenant instead of an order of use: a Map that loses its first entry and gains a last one all the time walks over the gaps
 * at every look at its beginning (40 µs a call with 60,000 callers; Node 20.20, 2026-11-25). What was not used for as long as the rule
 * remembers says nothing any more, so shelves turn by time, and forgetting is dropping a Map. When the budget is used up, whoever uses most
 * turns at once: a flood of made-up identities costs the flood's own tenant its counters, and nobody else's.
 *
 * HOT: one or two Map look-ups.
 */
export class Counters {
  bytes = 0;
  readonly #meter: Meter<unknown>;
  readonly #budget: Budget;
  readonly #tenants = new Map<string, Tenant>();

  constructor(meter: Meter<unknown>, budget: Budget) {
    this.#meter = meter;
    this.#budget = budget;
    budget.join(this);
  }

  /** The counter of a caller, made if need be. */
  of(tenantName: string, key: string, now: number): Counter {
    let tenant = this.#tenants.get(tenantName);
    if (tenant === undefined) {
      this.#tenants.set(tenantName, (tenant = new Tenant(now)));
      this.#count(TENANT_BYTES);
    } else if (now - tenant.turnedAt >= this.#meter.memoryMs) {
      // Twice when nobody came for so long that the young are forgotten, too.
      if (now - tenant.turnedAt >= 2 * this.#meter.memoryMs) this.#turn(tenant, now);
      this.#turn(tenant, now);
    }
    const { young, old } = tenant;
    let counter = young.counters.get(key);
    if (counter !== undefined) return counter;
    counter = old.counters.get(key);
    if (counter === undefined) {
      counter = { key, state: this.#meter.start(), bytes: 0, home: young };
      young.counters.set(key, counter);
      this.weigh(counter, now);
    } else {
      old.counters.delete(key);
      old.bytes -= counter.bytes;
      young.counters.set(key, counter);
      young.bytes += counter.bytes;
      counter.home = young;
    }
    return counter;
  }

  /** Notes what a counter weighs now. Call it when its state has grown. */
  weigh(counter: Counter, now: number): void {
    if (counter.home === undefined) return;
    const bytes = ENTRY_BYTES + counter.key.length + this.#meter.weigh(counter.state);
    if (bytes === counter.bytes) return;
    counter.home.bytes += bytes - counter.bytes;
    this.#count(bytes - counter.bytes);
    counter.bytes = bytes;
    if (this.#budget.bytes > this.#budget.maxBytes) this.#budget.shrink(now);
  }

  /** Turns the tenant that uses most; all of them where none uses more than `smallBytes`. Gives how many counters that cost. */
  shrink(now: number, smallBytes: number): number {
    let largest: Tenant | undefined;
    for (const tenant of this.#tenants.values()) if (tenant.bytes > (largest?.bytes ?? 0)) largest = tenant;
    if (largest === undefined) return 0;
    if (largest.bytes > smallBytes) return this.#turn(largest, now);
    let dropped = 0;
    for (const [name, tenant] of this.#tenants) {
      dropped += this.#turn(tenant, now);
      if (tenant.young.bytes + tenant.old.bytes > 0) continue;
      this.#tenants.delete(name);
      this.#count(-TENANT_BYTES);
    }
    return dropped;
  }

  #turn(tenant: Tenant, now: number): number {
    const { old } = tenant;
    for (const counter of old.counters.values()) counter.home = undefined;
    this.#count(-old.bytes);
    tenant.old = tenant.young;
    tenant.young = new Shelf();
    tenant.turnedAt = now;
    return old.counters.size;
  }

  #count(bytes: number): void {
    this.bytes += bytes;
    this.#budget.bytes += bytes;
  }
}
