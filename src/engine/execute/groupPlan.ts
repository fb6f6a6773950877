import type { ConditionNode, FetchNode, FlattenNode, PlanNode } from '../plan/nodes.js';

/** How fetches that become ready together at one subgraph are sent. */
export type EntityBatching = 'alias' | 'merge' | 'off';

/** A plan whose entity fetches are grouped. */
export type GroupedNode =
  | { readonly kind: 'Root'; readonly fetch: FetchNode; readonly path: FlattenNode['path'] }
  | { readonly kind: 'Entities'; readonly members: readonly FlattenNode[] }
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly GroupedNode[] }
  | {
      readonly kind: 'Condition';
      readonly condition: ConditionNode;
      readonly then: GroupedNode | undefined;
      readonly otherwise: GroupedNode | undefined;
    };

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
    const nodes = sinkLeaves([...joined, ...rest], (fetch) => groupKey(fetch, modeOf, selectionOf));
    return nodes.length === 1 ? nodes[0]! : { kind: 'Parallel', nodes };
  };

  return group(node);
}

/**
 * Moves a group that nothing waits for into a later group for the same subgraph in a sibling branch: the answer waits for that one
 * anyway, so one request does for two and nothing is ready later than before.
 */
function sinkLeaves(
  branches: readonly GroupedNode[],
  keyOf: (fetch: FlattenNode) => string | undefined,
): readonly GroupedNode[] {
  let nodes = branches;
  for (const leaf of branches) {
    if (leaf.kind !== 'Entities') continue;
    const key = keyOf(leaf.members[0]!);
    if (key === undefined) continue;
    const others = nodes.filter((node) => node !== leaf);
    for (const [i, other] of others.entries()) {
      const joined = other.kind === 'Sequence' ? sinkInto(other, leaf, key, keyOf) : undefined;
      if (joined === undefined) continue;
      nodes = others.with(i, joined);
      break;
    }
  }
  return nodes;
}

/** The node with the leaf's fetches in its first group of that key; undefined when it has none that is certain to run. */
function sinkInto(
  node: GroupedNode,
  leaf: Extract<GroupedNode, { kind: 'Entities' }>,
  key: string,
  keyOf: (fetch: FlattenNode) => string | undefined,
): GroupedNode | undefined {
  if (node.kind === 'Entities') {
    if (keyOf(node.members[0]!) !== key) return undefined;
    return { kind: 'Entities', members: [...node.members, ...leaf.members] };
  }
  // A condition may leave its fetches out.
  if (node.kind !== 'Sequence' && node.kind !== 'Parallel') return undefined;
  for (const [i, each] of node.nodes.entries()) {
    const joined = sinkInto(each, leaf, key, keyOf);
    if (joined !== undefined) return { kind: node.kind, nodes: node.nodes.with(i, joined) };
  }
  return undefined;
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
