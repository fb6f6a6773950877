/** Where something stands. Lines and columns count from 1; 0 where there are none (a flag, an option). */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** How a value came to be: written with variables in it. */
export interface Expansion {
  /** As it stands in the file. Messages show this and never the value, which may be a secret. */
  readonly written: string;
  /** A variable or file was missing: the value is unknown. */
  readonly failed: boolean;
}

/** A value and the place it comes from. */
export class SourceNode {
  readonly place: Place;
  /** The place of its key; its own where it has none. */
  readonly keyPlace: Place;
  readonly expansion: Expansion | undefined;
  readonly #scalar: unknown;
  readonly #children: Map<string | number, SourceNode> | undefined;
  readonly #isList: boolean;

  constructor(
    scalar: unknown,
    place: Place,
    keyPlace: Place = place,
    expansion?: Expansion,
    children?: { readonly isList: boolean },
  ) {
    this.#scalar = scalar;
    this.place = place;
    this.keyPlace = keyPlace;
    this.expansion = expansion;
    this.#children = children && new Map();
    this.#isList = children?.isList ?? false;
  }

  static map(place: Place, keyPlace?: Place): SourceNode {
    return new SourceNode(undefined, place, keyPlace, undefined, { isList: false });
  }
  static list(place: Place, keyPlace?: Place): SourceNode {
    return new SourceNode(undefined, place, keyPlace, undefined, { isList: true });
  }
  /** A value without lines in it: all of it has one place. */
  static of(value: unknown, place: Place): SourceNode {
    if (typeof value !== 'object' || value === null) return new SourceNode(value, place);
    const node = Array.isArray(value) ? SourceNode.list(place) : SourceNode.map(place);
    for (const [key, child] of Object.entries(value)) {
      if (child !== undefined) node.add(node.#isList ? Number(key) : key, SourceNode.of(child, place));
    }
    return node;
  }

  get isMap(): boolean {
    return this.#children !== undefined && !this.#isList;
  }
  get size(): number {
    return this.#children?.size ?? 0;
  }

  /** The plain value; maps have no prototype. */
  get value(): unknown {
    if (this.#children === undefined) return this.#scalar;
    if (this.#isList) return [...this.#children.values()].map((child) => child.value);
    const map = Object.create(null) as Record<string, unknown>;
    for (const [key, child] of this.#children) map[key] = child.value;
    return map;
  }

  child(key: PropertyKey): SourceNode | undefined {
    return this.#children?.get(key as string | number);
  }
  /** Adds or replaces. */
  add(key: string | number, child: SourceNode): void {
    this.#children?.set(key, child);
  }
  delete(key: string): void {
    this.#children?.delete(key);
  }
  keys(): Iterable<string | number> {
    return this.#children?.keys() ?? [];
  }

  /** The node at a path, or the last one on the way to it. */
  find(path: readonly PropertyKey[]): { readonly node: SourceNode; readonly complete: boolean } {
    let node: SourceNode = this;
    for (const step of path) {
      const child = node.child(step);
      if (child === undefined) return { node, complete: false };
      node = child;
    }
    return { node, complete: true };
  }
}
