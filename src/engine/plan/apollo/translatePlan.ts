import type {
  FetchDataRewrite,
  PlanNode as ApolloNode,
  FetchNode as ApolloFetch,
  QueryPlan,
  QueryPlanSelectionNode,
  SubscriptionNode as ApolloSubscription,
} from '@apollo/query-planner';

import type { FetchNode, KeyRenamer, PathStep, PlanNode, RequiredSelection, Rewrite } from '../nodes.js';
import type { WritesFetches } from './FetchWriter.js';

/** Apollo's plan in our own format, its synthetic fields turned back into real ones. */
export function translatePlan(plan: QueryPlan, writer: WritesFetches): PlanNode | undefined {
  return plan.node === undefined ? undefined : translateNode(plan.node, writer);
}

function translateNode(node: ApolloNode | ApolloSubscription, writer: WritesFetches): PlanNode {
  switch (node.kind) {
    case 'Fetch': {
      return oneOrMore(writer.write(translateFetch(node)), (fetch) => fetch);
    }
    case 'Flatten': {
      // Apollo only ever flattens a fetch.
      if (node.node.kind !== 'Fetch') throw new Error(`The planner put a ${node.node.kind} into a Flatten`);
      const path = node.path.flatMap(translateStep);
      return oneOrMore(writer.write(translateFetch(node.node)), (fetch) => ({ kind: 'Flatten', path, node: fetch }));
    }
    case 'Sequence':
      return { kind: 'Sequence', nodes: node.nodes.map((child) => translateNode(child, writer)) };
    case 'Parallel':
      return afterContext(flatten('Parallel', node.nodes, writer));
    case 'Condition':
      return {
        kind: 'Condition',
        variable: node.condition,
        then: optional(node.ifClause, writer),
        otherwise: optional(node.elseClause, writer),
      };
    case 'Defer':
      return {
        kind: 'Defer',
        primary: { subselection: node.primary.subselection, node: optional(node.primary.node, writer) },
        deferred: node.deferred.map((part) => ({
          depends: part.depends.map(({ id, deferLabel }) => ({ id, label: deferLabel })),
          label: part.label,
          path: part.queryPath,
          subselection: part.subselection,
          node: optional(part.node, writer),
        })),
      };
    case 'Subscription':
      return {
        kind: 'Subscription',
        primary: writer.write(translateFetch(node.primary))[0]!,
        rest: optional(node.rest, writer),
      };
  }
}

/**
 * Branches side by side, but those that read a context come after the others: the planner does not see that a sibling may fetch the
 * value they read, and would send a null in its place.
 */
function afterContext(nodes: readonly PlanNode[]): PlanNode {
  const readers = nodes.filter(readsContext);
  const others = nodes.filter((node) => !readers.includes(node));
  if (readers.length === 0 || others.length === 0) return { kind: 'Parallel', nodes };
  return { kind: 'Sequence', nodes: [sideBySide(others), sideBySide(readers)] };
}

function sideBySide(nodes: readonly PlanNode[]): PlanNode {
  return nodes.length === 1 ? nodes[0]! : { kind: 'Parallel', nodes };
}

function readsContext(node: PlanNode): boolean {
  switch (node.kind) {
    case 'Fetch':
      return node.contextRewrites.length > 0;
    case 'Flatten':
      return readsContext(node.node);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.some(readsContext);
    case 'Condition':
      return [node.then, node.otherwise].some((each) => each !== undefined && readsContext(each));
    default:
      return false;
  }
}

function optional(node: ApolloNode | undefined, writer: WritesFetches): PlanNode | undefined {
  return node === undefined ? undefined : translateNode(node, writer);
}

/** The children of a Parallel; a split fetch among them adds its parts to it. */
function flatten(kind: PlanNode['kind'], nodes: readonly ApolloNode[], writer: WritesFetches): PlanNode[] {
  return nodes.flatMap((child) => {
    const translated = translateNode(child, writer);
    return translated.kind === kind && translated.kind === 'Parallel' ? translated.nodes : [translated];
  });
}

/** A fetch that was split: side by side, but one after the other when a Defer node waits for it by its id (the last part has it). */
function oneOrMore(fetches: readonly FetchNode[], wrap: (fetch: FetchNode) => PlanNode): PlanNode {
  const nodes = fetches.map(wrap);
  if (nodes.length === 1) return nodes[0]!;
  return fetches.at(-1)!.id === undefined ? { kind: 'Parallel', nodes } : { kind: 'Sequence', nodes };
}

function translateFetch(node: ApolloFetch): FetchNode {
  // Variables that the executor fills from a context are not the client's.
  const context = new Set(node.contextRewrites?.map((rewrite) => rewrite.renameKeyTo));
  return {
    kind: 'Fetch',
    subgraph: node.serviceName,
    operationKind: node.operationKind,
    operationName: node.operationName,
    operation: node.operation,
    variables: (node.variableUsages ?? []).filter((name) => !context.has(name)),
    requires: node.requires?.map(translateSelection),
    inputRewrites: (node.inputRewrites ?? []).map(translateRewrite),
    outputRewrites: (node.outputRewrites ?? []).map(translateRewrite),
    contextRewrites: (node.contextRewrites ?? []).map(translateRenamer),
    id: node.id,
  };
}

function translateSelection(node: QueryPlanSelectionNode): RequiredSelection {
  if (node.kind === 'InlineFragment') {
    return { kind: 'Fragment', typeCondition: node.typeCondition, selections: node.selections.map(translateSelection) };
  }
  return {
    kind: 'Field',
    read: node.alias ?? node.name,
    write: node.name,
    selections: node.selections?.map(translateSelection),
  };
}

function translateRewrite(rewrite: FetchDataRewrite): Rewrite {
  if (rewrite.kind === 'KeyRenamer') return translateRenamer(rewrite);
  return { kind: 'ValueSetter', path: rewrite.path, value: rewrite.setValueTo as unknown };
}

function translateRenamer(rewrite: Extract<FetchDataRewrite, { kind: 'KeyRenamer' }>): KeyRenamer {
  return { kind: 'KeyRenamer', path: rewrite.path, key: rewrite.renameKeyTo };
}

/** `name`, `@`, `name|[A,B]`, `@|[A,B]`; a condition on the root (`|[Query]`) says nothing. */
function translateStep(step: string | number): PathStep[] {
  const [name = '', condition] = String(step).split('|');
  const types = condition === undefined ? undefined : condition.slice(1, -1).split(',');
  if (name === '') return [];
  return [name === '@' ? { kind: 'list', types } : { kind: 'field', name, types }];
}
