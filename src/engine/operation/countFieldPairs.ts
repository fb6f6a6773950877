import { Kind } from 'graphql';
import type { FragmentDefinitionNode, SelectionSetNode } from 'graphql';

/**
 * How many pairs of fields share a response name at one place of the answer, fragments expanded: the comparisons that validation's
 * rule OverlappingFieldsCanBeMerged makes at most.
 *
 * Walks the expansion: only for documents whose expansion is known to be small and free of cycles. Stops when it is over `limit`.
 *
 * @returns the number of pairs; some number above `limit` when there are more
 */
export function countFieldPairs(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  limit: number,
): number {
  return new PairCount(fragments, limit).count([set]);
}

interface Group {
  fields: number;
  readonly sets: SelectionSetNode[];
}

class PairCount {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #limit: number;
  #pairs = 0;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, limit: number) {
    this.#fragments = fragments;
    this.#limit = limit;
  }

  /** @param sets selection sets that are merged: those of all fields with one response name */
  count(sets: readonly SelectionSetNode[]): number {
    const groups = new Map<string, Group>();
    for (const set of sets) this.#collect(set, groups);
    for (const { fields } of groups.values()) this.#pairs += (fields * (fields - 1)) / 2;
    for (const group of groups.values()) {
      if (this.#pairs > this.#limit) break;
      if (group.sets.length > 0) this.count(group.sets);
    }
    return this.#pairs;
  }

  #collect(set: SelectionSetNode, groups: Map<string, Group>): void {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value;
        let group = groups.get(name);
        if (group === undefined) groups.set(name, (group = { fields: 0, sets: [] }));
        group.fields++;
        if (node.selectionSet !== undefined) group.sets.push(node.selectionSet);
      } else {
        const inner = node.kind === Kind.INLINE_FRAGMENT ? node : this.#fragments.get(node.name.value);
        if (inner !== undefined) this.#collect(inner.selectionSet, groups);
      }
    }
  }
}
