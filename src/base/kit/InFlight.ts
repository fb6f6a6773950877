/** Something that `InFlight` holds; `slot` belongs to it, -1 outside. */
export interface Held {
  slot: number;
}

/**
 * What is under way, in no order.
 *
 * HOT: one `add` and one `remove` per request and per subgraph call. Not a Set: one that gains and loses an entry per request is rebuilt all
 * the time, and its old tables drag finished requests into the old generation (two thirds of them; 10 µs of collection a request,
 * `bench/profile.ts light`, Node 20.20, 2026-11-28).
 */
export class InFlight<T extends Held> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    item.slot = this.#items.push(item) - 1;
  }

  /** Puts the last one in its place. Removing twice does nothing. */
  remove(item: T): void {
    const at = item.slot;
    if (at < 0) return;
    item.slot = -1;
    const last = this.#items.pop()!;
    if (last === item) return;
    last.slot = at;
    this.#items[at] = last;
  }

  /** Those that are held now; adding and removing meanwhile changes nothing in it. */
  all(): readonly T[] {
    return [...this.#items];
  }
}
