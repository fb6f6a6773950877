import type { PathStep, Plan, PlanNode } from '../engine/plan/nodes.js';
import { describeConnector, isBatched } from '../supergraph/connect/describeConnector.js';
import type { Connector } from '../supergraph/model/Connector.js';

/** What the fetches of one connector become. */
export interface RestCall {
  /** What plans call it. */
  readonly connector: string;
  /** For people: method, URL and how many. */
  readonly requests: string;
  /** Where a list stands of which each object takes a request of its own: the N+1 problem. `orders.@.product` */
  readonly oncePerObjectOf: readonly string[];
}

/** The REST calls of a plan, a connector each, in the order of the plan. */
export function restCalls(plan: Plan, connectors: ReadonlyMap<string, Connector>): readonly RestCall[] {
  const lists = new Map<string, Set<string>>();
  const visit = (node: PlanNode | undefined, path: readonly PathStep[]): void => {
    switch (node?.kind) {
      case undefined:
        return;
      case 'Fetch': {
        const found = lists.get(node.subgraph) ?? new Set();
        lists.set(node.subgraph, found);
        if (path.some(({ kind }) => kind === 'list')) found.add(pathText(path));
        return;
      }
      case 'Flatten':
        return visit(node.node, node.path);
      case 'Sequence':
      case 'Parallel':
        return node.nodes.forEach((each) => visit(each, path));
      case 'Condition':
        return [node.then, node.otherwise].forEach((each) => visit(each, path));
      case 'Defer':
        return [node.primary, ...node.deferred].forEach((each) => visit(each.node, path));
      case 'Subscription':
        return [node.primary, node.rest].forEach((each) => visit(each, path));
    }
  };
  visit(plan.node, []);
  return [...lists].flatMap(([name, found]) => {
    const connector = connectors.get(name);
    if (connector === undefined) return [];
    const oncePerObjectOf = isBatched(connector) ? [] : [...found];
    return [{ connector: name, requests: describeConnector(connector), oncePerObjectOf }];
  });
}

/** As lines behind a plan; nothing where there are none. */
export function printRestCalls(calls: readonly RestCall[]): string {
  if (calls.length === 0) return '';
  const lines = calls.map(({ connector, requests }) => `  ${connector}: ${requests}`);
  const warnings = calls.flatMap(({ connector, oncePerObjectOf }) =>
    oncePerObjectOf.map(
      (path) =>
        `warning: N+1: ${connector} is asked once for each different object of ${path}; give it a batch ($batch)`,
    ),
  );
  return `\nREST calls:\n${[...lines, ...warnings].join('\n')}\n`;
}

function pathText(path: readonly PathStep[]): string {
  return path.map((step) => (step.kind === 'list' ? '@' : step.name)).join('.');
}
