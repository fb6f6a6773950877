import type { FallbackTrigger } from '../../../base/errors/fallbackTrigger.js';

/** What stands in for a field that cannot be had. Tried in this order: the last good answer, the other field, the value. */
export interface FallbackRule {
  /** `Product.price`, as answers name it. */
  readonly coordinate: string;
  readonly on: ReadonlySet<FallbackTrigger>;
  /** Any JSON that fits the field's type; undefined for none, null for null. */
  readonly value: unknown;
  /** Another field of the same type. */
  readonly field: string | undefined;
  /** How old a last good answer may be; undefined for none. */
  readonly maxStaleMs: number | undefined;
}

/** What a subgraph's own setting adds to all of its fields. */
export interface SubgraphFallback {
  readonly on: ReadonlySet<FallbackTrigger>;
  readonly maxStaleMs: number | undefined;
}

/** All fallbacks of a generation: checked, by coordinate of object types and interfaces. */
export class FallbackTable {
  readonly #rules: ReadonlyMap<string, FallbackRule>;
  readonly #bySubgraph: ReadonlyMap<string, SubgraphFallback>;

  constructor(rules: ReadonlyMap<string, FallbackRule>, bySubgraph: ReadonlyMap<string, SubgraphFallback>) {
    this.#rules = rules;
    this.#bySubgraph = bySubgraph;
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0 && this.#bySubgraph.size === 0;
  }

  /** Fields that stand in for others, by the coordinate of those. */
  get otherFields(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const [coordinate, { field }] of this.#rules) {
      if (field !== undefined) found.set(coordinate, `${coordinate.slice(0, coordinate.indexOf('.'))}.${field}`);
    }
    return found;
  }

  /** What stands in for a field that this subgraph was asked for. */
  find(subgraph: string, type: string, field: string): FallbackRule | undefined {
    const coordinate = `${type}.${field}`;
    const rule = this.#rules.get(coordinate);
    const wide = this.#bySubgraph.get(subgraph);
    if (wide?.maxStaleMs === undefined || field === '__typename') return rule;
    if (rule === undefined)
      return { coordinate, on: wide.on, value: undefined, field: undefined, maxStaleMs: wide.maxStaleMs };
    return rule.maxStaleMs === undefined ? { ...rule, maxStaleMs: wide.maxStaleMs } : rule;
  }
}
