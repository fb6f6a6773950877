import type { FetchNode, Plan } from '../plan/nodes.js';

import { canJoin, parseFetch, selectionText } from './entityText.js';
import { groupPlan } from './groupPlan.js';
import type { GroupedNode } from './GroupedNode.js';
import type { EntityBatching } from './groupPlan.js';

/** What an executed plan costs at most: conditions and empty lists make it less, lists larger than a batch none the more. */
export interface RequestCount {
  /** Fetches of the plan. */
  readonly fetches: number;
  /** Requests that they are sent as, by subgraph, most first. */
  readonly bySubgraph: ReadonlyArray<readonly [subgraph: string, requests: number]>;
  /** Requests that wait for one another: round trips from first to last. */
  readonly rounds: number;
}

/** Counts the requests of a plan as `compilePlan` groups them. */
export function countRequests(plan: Plan, batchingOf: (subgraph: string) => EntityBatching): RequestCount {
  const bySubgraph = new Map<string, number>();
  let fetches = 0;
  const send = (subgraph: string, count: number): number => {
    bySubgraph.set(subgraph, (bySubgraph.get(subgraph) ?? 0) + 1);
    fetches += count;
    return 1;
  };
  const roundsOf = (node: GroupedNode): number => {
    switch (node.kind) {
      case 'Root':
        return send(node.fetch.subgraph, 1);
      case 'Entities':
        return send(node.members[0]!.node.subgraph, node.members.length);
      case 'Sequence':
        return node.nodes.map(roundsOf).reduce((sum, rounds) => sum + rounds, 0);
      case 'Parallel':
        return Math.max(0, ...node.nodes.map(roundsOf));
      case 'Condition':
        return Math.max(node.then ? roundsOf(node.then) : 0, node.otherwise ? roundsOf(node.otherwise) : 0);
    }
  };
  const rounds = plan.node === undefined ? 0 : roundsOf(groupPlan(plan.node, batchingOf, joinableSelection));
  const sorted = [...bySubgraph].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return { fetches, bySubgraph: sorted, rounds };
}

function joinableSelection(fetch: FetchNode): string | undefined {
  const parsed = parseFetch(fetch);
  return canJoin(parsed) ? selectionText(parsed) : undefined;
}
