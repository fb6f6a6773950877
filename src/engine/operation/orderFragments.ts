import { Kind } from 'graphql';
import type { FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode } from 'graphql';

export interface FragmentOrder {
  /** Every fragment, after all fragments that it spreads. Incomplete when there is a cycle. */
  readonly ordered: readonly FragmentDefinitionNode[];
  /** A fragment that reaches itself. */
  readonly cyclic: string | undefined;
  /** Fragments that nothing spreads, neither an operation nor a fragment. */
  readonly unspread: readonly FragmentDefinitionNode[];
}

/** Puts fragments in the order in which they can be measured. Iterative: a chain of fragments is as long as the client likes. */
export function orderFragments(
  operations: readonly OperationDefinitionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentOrder {
  const spreadSomewhere = new Set<string>();
  for (const operation of operations) collectSpreads(operation.selectionSet, spreadSomewhere);
  const spreads = new Map<string, string[]>();
  for (const [name, fragment] of fragments) {
    const own = new Set<string>();
    collectSpreads(fragment.selectionSet, own);
    const known = [...own].filter((each) => fragments.has(each));
    spreads.set(name, known);
    for (const each of known) spreadSomewhere.add(each);
  }

  const ordered: FragmentDefinitionNode[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of fragments.keys()) {
    if (state.has(start)) continue;
    const path = [{ name: start, next: 0 }];
    state.set(start, 'open');
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = spreads.get(top.name)![top.next++];
      if (child === undefined) {
        state.set(top.name, 'done');
        ordered.push(fragments.get(top.name)!);
        path.pop();
      } else if (state.get(child) === 'open') {
        return { ordered, cyclic: child, unspread: [] };
      } else if (!state.has(child)) {
        state.set(child, 'open');
        path.push({ name: child, next: 0 });
      }
    }
  }
  return { ordered, cyclic: undefined, unspread: ordered.filter((each) => !spreadSomewhere.has(each.name.value)) };
}

function collectSpreads(set: SelectionSetNode, into: Set<string>): void {
  for (const node of set.selections) {
    if (node.kind === Kind.FRAGMENT_SPREAD) into.add(node.name.value);
    else if (node.selectionSet !== undefined) collectSpreads(node.selectionSet, into);
  }
}
