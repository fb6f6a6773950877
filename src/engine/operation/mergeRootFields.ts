import { Kind } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, SelectionNode, SelectionSetNode } from 'graphql';

import { readCondition } from './conditions.js';
import type { Given } from './conditions.js';

/**
 * CollectFields of the specification (6.3.2) for the root of a mutation: each response name once, in order of first appearance, with
 * the sub-selections of all its occurrences. A planner that met an occurrence under other conditions would run the effect twice.
 *
 * Gives the set as it is when a condition at the root is still open; see Operation.openEffects.
 */
export function mergeRootFields(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  given: Given,
): { readonly set: SelectionSetNode; readonly isOpen: boolean } {
  const fields = new Map<string, FieldNode>();
  let isOpen = false;
  const collect = (selections: readonly SelectionNode[]): void => {
    for (const node of selections) {
      const condition = readCondition(node.directives, given);
      if (condition === 'never') continue;
      if (condition !== undefined) isOpen = true;
      if (node.kind !== Kind.FIELD) {
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
        if (fragment !== undefined) collect(fragment.selectionSet.selections);
        continue;
      }
      const name = node.alias?.value ?? node.name.value;
      const known = fields.get(name);
      fields.set(name, known === undefined ? node : withMore(known, node));
    }
  };
  collect(set.selections);
  return { set: isOpen ? set : { ...set, selections: [...fields.values()] }, isOpen };
}

function withMore(one: FieldNode, { selectionSet }: FieldNode): FieldNode {
  if (one.selectionSet === undefined || selectionSet === undefined) return one;
  const selections = [...one.selectionSet.selections, ...selectionSet.selections];
  return { ...one, selectionSet: { ...one.selectionSet, selections } };
}
