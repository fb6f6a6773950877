/** Something with a life of its own; what has neither of the two needs neither. */
interface Resource {
  start?: () => void;
  close?: () => unknown;
}

/**
 * What providers are made of and what outlives a reload: key sets, stores, caches, sockets. A resource is known by what it is for and by its
 * settings; the next configuration takes over what has not changed.
 */
export class Resources {
  #former: ReadonlyMap<string, Resource>;
  readonly #held = new Map<string, Resource>();

  /** @param former those of the configuration before */
  constructor(former?: Resources) {
    this.#former = former === undefined ? new Map<string, Resource>() : former.#held;
  }

  /** The one of these settings. Take what `make` needs before: what is taken over does not call it. */
  take<Value extends object>(purpose: string, settings: object, make: () => Value): Value {
    const key = `${purpose} ${JSON.stringify(settings)}`;
    const value = (this.#held.get(key) ?? this.#former.get(key) ?? make()) as Value;
    this.#held.set(key, value);
    return value;
  }

  start(): void {
    for (const resource of this.#held.values()) resource.start?.();
  }

  /** This configuration counts now: closes what only the one before needed. */
  commit(): void {
    closeAllBut(this.#former, this.#held);
    this.#former = new Map();
  }

  /** This configuration does not come to count, or no more: closes what it alone needs. */
  close(): void {
    closeAllBut(this.#held, this.#former);
  }
}

function closeAllBut(held: ReadonlyMap<string, Resource>, others: ReadonlyMap<string, Resource>): void {
  const kept = new Set(others.values());
  for (const resource of held.values()) if (!kept.has(resource)) void resource.close?.();
}
