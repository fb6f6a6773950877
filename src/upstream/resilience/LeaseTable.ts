/** A share in something. */
export interface Lease<Value> {
  readonly value: Value;
  /** Gives the share back; the last one disposes of the value. */
  release(): void;
}

interface Entry<Value> {
  readonly value: Value;
  leases: number;
}

/** What generations of the graph share: the same key gives the same value for as long as anybody holds it. */
export class LeaseTable<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #dispose: (value: Value) => void;

  /** @param dispose called when nobody holds a value any more */
  constructor(dispose: (value: Value) => void = () => {}) {
    this.#dispose = dispose;
  }

  get size(): number {
    return this.#entries.size;
  }

  acquire(key: string, make: () => Value): Lease<Value> {
    const entry = this.#entries.get(key) ?? { value: make(), leases: 0 };
    this.#entries.set(key, entry);
    entry.leases++;
    let isReleased = false;
    return {
      value: entry.value,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        if (--entry.leases > 0) return;
        this.#entries.delete(key);
        this.#dispose(entry.value);
      },
    };
  }

  /** Oldest first. */
  values(): Value[] {
    return [...this.#entries.values()].map(({ value }) => value);
  }
}
