import type { FetchNode, FlattenNode } from '../plan/nodes.js';

import type { Entities, GroupedNode } from './GroupedNode.js';
import { LoadTally } from './LoadTally.js';

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
  return new LeafSinker(keyOf, new LoadTally(root, selectionOf)).sink(root);
}

class LeafSinker {
  readonly #keyOf: (fetch: FlattenNode) => string | undefined;
  readonly #tally: LoadTally;

  constructor(keyOf: (fetch: FlattenNode) => string | undefined, tally: LoadTally) {
    this.#keyOf = keyOf;
    this.#tally = tally;
  }

  sink(node: GroupedNode): GroupedNode {
    switch (node.kind) {
      case 'Root':
      case 'Entities':
        return node;
      case 'Condition':
        return {
          ...node,
          then: node.then && this.sink(node.then),
          otherwise: node.otherwise && this.sink(node.otherwise),
        };
      case 'Sequence': {
        const nodes: GroupedNode[] = [];
        this.#tally.visitInTurn(node.nodes, (each) => nodes.push(this.sink(each)));
        return { kind: 'Sequence', nodes };
      }
      case 'Parallel': {
        const nodes = this.#sinkAmong(node.nodes.map((each) => this.sink(each)));
        return nodes.length === 1 ? nodes[0]! : { kind: 'Parallel', nodes };
      }
    }
  }

  /** The branches, without the leaves that found a place in another. */
  #sinkAmong(branches: readonly GroupedNode[]): readonly GroupedNode[] {
    let nodes = branches;
    for (const leaf of branches) {
      if (leaf.kind !== 'Entities') continue;
      const key = this.#keyOf(leaf.members[0]!);
      if (key !== undefined) nodes = this.#sinkBeside(nodes, leaf, key);
    }
    return nodes;
  }

  /** The nodes without the leaf, in the first of the others that takes it; the nodes as they are when none does. */
  #sinkBeside(nodes: readonly GroupedNode[], leaf: Entities, key: string): readonly GroupedNode[] {
    const others = nodes.filter((node) => node !== leaf);
    for (const [i, other] of others.entries()) {
      const joined = other.kind === 'Sequence' ? this.#sinkInto(other, leaf, key) : undefined;
      if (joined !== undefined) return others.with(i, joined);
    }
    return nodes;
  }

  /** The node with the leaf's fetches in its first group of that key; undefined when it has none that is certain to send a request. */
  #sinkInto(node: GroupedNode, leaf: Entities, key: string): GroupedNode | undefined {
    let at = -1;
    let joined: GroupedNode | undefined;
    const visit = (each: GroupedNode, i: number): void => {
      if (joined !== undefined) return;
      at = i;
      joined = this.#sinkInto(each, leaf, key);
    };
    switch (node.kind) {
      case 'Entities':
        return this.#takes(node, leaf, key)
          ? { kind: 'Entities', members: [...node.members, ...leaf.members] }
          : undefined;
      case 'Sequence':
        this.#tally.visitInTurn(node.nodes, visit);
        break;
      case 'Parallel':
        node.nodes.forEach(visit);
        break;
      // A condition may leave its fetches out.
      default:
        return undefined;
    }
    return joined && { kind: node.kind, nodes: node.nodes.with(at, joined) };
  }

  #takes(group: Entities, leaf: Entities, key: string): boolean {
    if (this.#keyOf(group.members[0]!) !== key) return false;
    return !this.#tally.isLoadedElsewhere(group) || this.#tally.isLoadedElsewhere(leaf);
  }
}
