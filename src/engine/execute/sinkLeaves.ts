import type { FetchNode, FlattenNode } from '../plan/nodes.js';

import type { GroupedNode } from './GroupedNode.js';

type Entities = Extract<GroupedNode, { kind: 'Entities' }>;

/**
 * Moves a group that nothing waits for into a later group for the same subgraph in a sibling branch: the answer waits for that one
 * anyway, so one request does for two and nothing is ready later than before.
 *
 * Not where that later group may find all it asks for loaded, or on its way, by another branch (equal selections elsewhere in the plan),
 * and the leaf may not: then the leaf would be all that is left to send, late and with nothing else to wait for. In the benchmark's heavy
 * query that made the answer wait for the later of two calls in every second request, 2 ms of 67 with 5-30 ms a call (virtual clock,
 * 2026-11-25).
 *
 * @param keyOf equal for fetches that can be sent as one request; undefined for one that must travel alone
 * @param selectionOf equal for equal selections; undefined for one that must travel alone
 */
export function sinkLeaves(
  root: GroupedNode,
  keyOf: (fetch: FlattenNode) => string | undefined,
  selectionOf: (fetch: FetchNode) => string | undefined,
): GroupedNode {
  /** How many fetches of each selection are not certain to run after the node that is looked at. */
  const loadable = new Map<string, number>();
  const selections = new Map<FetchNode, string>();

  const selectionFrom = ({ node }: FlattenNode): string => {
    let selection = selections.get(node);
    if (selection === undefined) selections.set(node, (selection = `${node.subgraph}\n${selectionOf(node) ?? ''}`));
    return selection;
  };
  const count = (node: GroupedNode, by: 1 | -1): void => {
    for (const member of membersOf(node)) {
      const selection = selectionFrom(member);
      loadable.set(selection, (loadable.get(selection) ?? 0) + by);
    }
  };

  /** Whether other fetches of the plan may load all that this group asks for. */
  const isLoadedElsewhere = ({ members }: Entities): boolean => {
    const own = members.map(selectionFrom);
    return own.every((selection) => loadable.get(selection)! > own.filter((each) => each === selection).length);
  };

  /** Visits the nodes of a sequence, for each of which what stands behind it does not count. */
  const visitInTurn = (nodes: readonly GroupedNode[], visit: (node: GroupedNode, i: number) => void): void => {
    for (const node of nodes) count(node, -1);
    for (const [i, node] of nodes.entries()) {
      count(node, 1);
      visit(node, i);
    }
  };

  const sink = (node: GroupedNode): GroupedNode => {
    switch (node.kind) {
      case 'Root':
      case 'Entities':
        return node;
      case 'Condition':
        return { ...node, then: node.then && sink(node.then), otherwise: node.otherwise && sink(node.otherwise) };
      case 'Sequence': {
        const nodes: GroupedNode[] = [];
        visitInTurn(node.nodes, (each) => nodes.push(sink(each)));
        return { kind: 'Sequence', nodes };
      }
      case 'Parallel': {
        const nodes = sinkAmong(node.nodes.map(sink));
        return nodes.length === 1 ? nodes[0]! : { kind: 'Parallel', nodes };
      }
    }
  };

  const sinkAmong = (branches: readonly GroupedNode[]): readonly GroupedNode[] => {
    let nodes = branches;
    for (const leaf of branches) {
      const key = leaf.kind === 'Entities' ? keyOf(leaf.members[0]!) : undefined;
      if (leaf.kind !== 'Entities' || key === undefined) continue;
      const others = nodes.filter((node) => node !== leaf);
      for (const [i, other] of others.entries()) {
        const joined = other.kind === 'Sequence' ? sinkInto(other, leaf, key) : undefined;
        if (joined === undefined) continue;
        nodes = others.with(i, joined);
        break;
      }
    }
    return nodes;
  };

  /** The node with the leaf's fetches in its first group of that key; undefined when it has none that is certain to send a request. */
  const sinkInto = (node: GroupedNode, leaf: Entities, key: string): GroupedNode | undefined => {
    let at = -1;
    let joined: GroupedNode | undefined;
    const visit = (each: GroupedNode, i: number): void => {
      if (joined !== undefined) return;
      at = i;
      joined = sinkInto(each, leaf, key);
    };
    switch (node.kind) {
      case 'Entities':
        if (keyOf(node.members[0]!) !== key || (isLoadedElsewhere(node) && !isLoadedElsewhere(leaf))) return undefined;
        return { kind: 'Entities', members: [...node.members, ...leaf.members] };
      case 'Sequence':
        visitInTurn(node.nodes, visit);
        break;
      case 'Parallel':
        node.nodes.forEach(visit);
        break;
      // A condition may leave its fetches out.
      default:
        return undefined;
    }
    return joined && { kind: node.kind, nodes: node.nodes.with(at, joined) };
  };

  count(root, 1);
  return sink(root);
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
