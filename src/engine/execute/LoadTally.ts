import type { FetchNode, FlattenNode } from '../plan/nodes.js';

import type { Entities, GroupedNode } from './GroupedNode.js';

/** Counts by selection the fetches of a plan that are not certain to run after the node that is looked at. */
export class LoadTally {
  readonly #selectionOf: (fetch: FetchNode) => string | undefined;
  readonly #loadable = new Map<string, number>();
  readonly #selections = new Map<FetchNode, string>();

  /** @param selectionOf equal for equal selections; undefined for one that must travel alone */
  constructor(root: GroupedNode, selectionOf: (fetch: FetchNode) => string | undefined) {
    this.#selectionOf = selectionOf;
    this.#count(root, 1);
  }

  /** Visits the nodes of a sequence, for each of which what stands behind it does not count. */
  visitInTurn(nodes: readonly GroupedNode[], visit: (node: GroupedNode, i: number) => void): void {
    for (const node of nodes) this.#count(node, -1);
    for (const [i, node] of nodes.entries()) {
      this.#count(node, 1);
      visit(node, i);
    }
  }

  /** Whether other fetches of the plan may load all that this group asks for. */
  isLoadedElsewhere({ members }: Entities): boolean {
    const own = members.map((member) => this.#selection(member));
    return own.every((selection) => this.#loadable.get(selection)! > own.filter((each) => each === selection).length);
  }

  #count(node: GroupedNode, by: 1 | -1): void {
    for (const member of membersOf(node)) {
      const selection = this.#selection(member);
      this.#loadable.set(selection, (this.#loadable.get(selection) ?? 0) + by);
    }
  }

  #selection({ node }: FlattenNode): string {
    let selection = this.#selections.get(node);
    if (selection === undefined) {
      selection = `${node.subgraph}\n${this.#selectionOf(node) ?? ''}`;
      this.#selections.set(node, selection);
    }
    return selection;
  }
}

function membersOf(node: GroupedNode): readonly FlattenNode[] {
  switch (node.kind) {
    case 'Root':
      return [];
    case 'Entities':
      return node.members;
    case 'Condition':
      return [node.then, node.otherwise].flatMap((each) => (each === undefined ? [] : membersOf(each)));
    default:
      return node.nodes.flatMap(membersOf);
  }
}
