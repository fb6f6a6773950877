import type { FetchNode, FlattenNode, PlanNode } from '../plan/nodes.js';

import type { GroupedNode } from './GroupedNode.js';
import { sinkLeaves } from './sinkLeaves.js';

/** How fetches that become ready together at one subgraph are sent. */
export type EntityBatching = 'alias' | 'merge' | 'off';

/**
 * Joins the entity fetches that the plan makes ready together at one subgraph (DataLoader batching across the plan).
 *
 * Groups come from plan positions alone, never from timing, so that each has one text. A branch of a Parallel joins a group by its
 * first fetch; what follows in the joined branches runs after the group, in parallel, and is grouped again. No branch waits for a fetch
 * that it did not wait for before, other than the one it travels with.
 *
 * @param modeOf `alias`: one request with an `_entities` field for each selection; `merge`: only fetches with equal
 *   selections join (for subgraphs that refuse aliases); `off`: a request for each fetch.
 * @param selectionOf a text that is equal for equal selections; undefined for a fetch that must travel alone
 */
export function groupPlan(
  node: PlanNode,
  modeOf: (subgraph: string) => EntityBatching,
  selectionOf: (fetch: FetchNode) => string | undefined,
): GroupedNode {
  const group = (each: PlanNode): GroupedNode => {
    switch (each.kind) {
      case 'Fetch':
        return { kind: 'Root', fetch: each, path: [] };
      case 'Flatten':
        // A root type that is reached again (`{ me { query { … } } }`) is fetched as such, at its path.
        return each.node.requires === undefined
          ? { kind: 'Root', fetch: each.node, path: each.path }
          : { kind: 'Entities', members: [each] };
      case 'Sequence':
        return { kind: 'Sequence', nodes: each.nodes.map(group) };
      case 'Condition':
        return {
          kind: 'Condition',
          condition: each,
          then: each.then && group(each.then),
          otherwise: each.otherwise && group(each.otherwise),
        };
      case 'Parallel':
        return groupBranches(each.nodes);
      case 'Defer':
        return group(inOnePiece(each));
      case 'Subscription':
        throw new Error('A subscription is not executed as a request');
    }
  };

  const groupBranches = (branches: readonly PlanNode[]): GroupedNode => {
    const flat = branches.flatMap((branch) => (branch.kind === 'Parallel' ? branch.nodes : [branch]));
    const groups = new Map<string, { heads: FlattenNode[]; tails: PlanNode[] }>();
    const rest: GroupedNode[] = [];
    for (const branch of flat) {
      const [head, ...tail] = branch.kind === 'Sequence' ? branch.nodes : [branch];
      const key = head?.kind === 'Flatten' ? groupKey(head, modeOf, selectionOf) : undefined;
      if (head?.kind !== 'Flatten' || key === undefined) {
        rest.push(group(branch));
        continue;
      }
      let found = groups.get(key);
      if (found === undefined) groups.set(key, (found = { heads: [], tails: [] }));
      found.heads.push(head);
      if (tail.length > 0) found.tails.push(tail.length === 1 ? tail[0]! : { kind: 'Sequence', nodes: tail });
    }
    const joined = [...groups.values()].map(({ heads, tails }): GroupedNode => {
      const members: GroupedNode = { kind: 'Entities', members: heads };
      return tails.length === 0 ? members : { kind: 'Sequence', nodes: [members, groupBranches(tails)] };
    });
    const nodes = [...joined, ...rest];
    return nodes.length === 1 ? nodes[0]! : { kind: 'Parallel', nodes };
  };

  return sinkLeaves(group(node), (fetch) => groupKey(fetch, modeOf, selectionOf), selectionOf);
}

function groupKey(
  { node }: FlattenNode,
  modeOf: (subgraph: string) => EntityBatching,
  selectionOf: (fetch: FetchNode) => string | undefined,
): string | undefined {
  // Context values differ from entity to entity: such a fetch needs variables of its own.
  if (node.operationKind !== 'query' || node.requires === undefined || node.contextRewrites.length > 0)
    return undefined;
  const selection = selectionOf(node);
  if (selection === undefined) return undefined;
  switch (modeOf(node.subgraph)) {
    case 'alias':
      return node.subgraph;
    case 'merge':
      return `${node.subgraph}\n${selection}`;
    case 'off':
      return undefined;
  }
}

/** A deferred plan answered in one piece: the primary part, then all deferred parts. */
function inOnePiece(node: Extract<PlanNode, { kind: 'Defer' }>): PlanNode {
  const primary = node.primary.node === undefined ? [] : [node.primary.node];
  const deferred = node.deferred.flatMap((each) => (each.node === undefined ? [] : [each.node]));
  const rest: PlanNode[] = deferred.length === 0 ? [] : [{ kind: 'Parallel', nodes: deferred }];
  return { kind: 'Sequence', nodes: [...primary, ...rest] };
}
