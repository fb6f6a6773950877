import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { GroupedNode } from '../../../src/engine/execute/GroupedNode.js';
import { groupPlan } from '../../../src/engine/execute/groupPlan.js';
import type { EntityBatching } from '../../../src/engine/execute/groupPlan.js';
import type { FetchNode, PlanNode } from '../../../src/engine/plan/nodes.js';
import { entityFetch, inParallel, inSequence, rootFetch } from '../../support/runPlan.js';

const selectionOf = (fetch: FetchNode): string | undefined =>
  fetch.operation === 'alone' ? undefined : fetch.operation.replace(/^.*representations\)/, '');
const grouped = (node: PlanNode, mode: EntityBatching = 'alias'): GroupedNode =>
  groupPlan(node, () => mode, selectionOf);

/** An entity fetch that is known by its name. */
const entity = (name: string, subgraph: string, selection = '{x}', parts: Partial<FetchNode> = {}) =>
  entityFetch(subgraph, 'a', 'T', ['id'], selection, { operationName: name, ...parts });
const when = (variable: string, then: PlanNode | undefined, otherwise?: PlanNode): PlanNode => ({
  kind: 'Condition',
  variable,
  then,
  otherwise,
});

/** Short text of a grouped plan: `[a+b]` is one request, `>` a sequence, `|` a parallel. */
function sketch(node: GroupedNode): string {
  switch (node.kind) {
    case 'Root':
      return `${node.fetch.operationName}`;
    case 'Entities':
      return `[${node.members.map((each) => each.node.operationName).join('+')}]`;
    case 'Condition':
      return `${node.condition.variable}?${node.then ? sketch(node.then) : ''}:${node.otherwise ? sketch(node.otherwise) : ''}`;
    default:
      return `(${node.nodes.map(sketch).join(node.kind === 'Sequence' ? ' > ' : ' | ')})`;
  }
}

describe('groups', () => {
  it('join what is ready together at one subgraph, whatever its path', () => {
    const plan = inParallel(entity('a', 'x'), entity('b', 'y'), entity('c', 'x', '{z}'));
    expect(sketch(grouped(plan))).toBe('([a+c] | [b])');
  });

  it('take the first fetch of a branch; what follows is grouped again', () => {
    const plan = inParallel(
      inSequence(entity('a', 'x'), entity('b', 'y')),
      inSequence(entity('c', 'x'), entity('d', 'y'), entity('e', 'z')),
      entity('f', 'x'),
    );
    expect(sketch(grouped(plan))).toBe('([a+c+f] > ([b+d] > [e]))');
  });

  it('take a leaf into a later request of a sibling that is certain to be sent', () => {
    const plan = inParallel(entity('leaf', 'y'), inSequence(entity('a', 'x'), entity('b', 'y')));
    expect(sketch(grouped(plan))).toBe('([a] > [b+leaf])');
  });

  it('never take a leaf across a condition', () => {
    const plan = inParallel(entity('leaf', 'y'), inSequence(entity('a', 'x'), when('v', entity('b', 'y'))));
    expect(sketch(grouped(plan))).toBe('([leaf] | ([a] > v?[b]:))');
  });

  it('never take a fetch that something waits for into a later one', () => {
    const plan = inParallel(
      inSequence(entity('early', 'y'), entity('next', 'z')),
      inSequence(entity('a', 'x'), entity('b', 'y')),
    );
    expect(sketch(grouped(plan))).toBe('(([early] > [next]) | ([a] > [b]))');
  });

  it('leave root fetches, fetches with context and fetches that must travel alone', () => {
    const context = { kind: 'KeyRenamer', path: ['..', 'a'], key: 'k' } as const;
    const plan = inParallel(
      entity('a', 'x', '{x}', { contextRewrites: [context] }),
      entity('b', 'x', '{x}', { contextRewrites: [context] }),
      entity('c', 'x', '', { operation: 'alone' }),
      entity('d', 'x', '', { operation: 'alone' }),
      rootFetch({ subgraph: 'x', operation: '{q}', operationName: 'e' }),
      rootFetch({ subgraph: 'x', operation: '{q}', operationName: 'f' }),
    );
    expect(sketch(grouped(plan))).toBe('([a] | [b] | [c] | [d] | e | f)');
  });

  it('merge only equal selections in mode merge, and nothing in mode off', () => {
    const plan = inParallel(entity('a', 'x'), entity('b', 'x', '{z}'), entity('c', 'x'));
    expect(sketch(grouped(plan, 'merge'))).toBe('([a+c] | [b])');
    expect(sketch(grouped(plan, 'off'))).toBe('([a] | [b] | [c])');
  });

  it('answer a deferred plan in one piece: the primary part first', () => {
    const deferred = (node: PlanNode) => ({ depends: [], label: undefined, path: [], subselection: undefined, node });
    const plan: PlanNode = {
      kind: 'Defer',
      primary: { subselection: undefined, node: rootFetch({ subgraph: 'x', operation: '{q}', operationName: 'p' }) },
      deferred: [deferred(entity('a', 'y')), deferred(entity('b', 'y'))],
    };
    expect(sketch(grouped(plan))).toBe('(p > [a+b])');
    expect(sketch(grouped({ ...plan, deferred: [] }))).toBe('(p)');
  });
});

interface Facts {
  /** Names of all fetches that are over before the fetch starts. */
  readonly before: ReadonlySet<string>;
  readonly conditions: string;
}

type AnyNode = PlanNode | GroupedNode;

/** Walks either kind of plan: what each fetch waits for, and under which conditions it runs. */
function factsOf(root: AnyNode): Map<string, Facts> {
  const facts = new Map<string, Facts>();
  const walk = (node: AnyNode, before: ReadonlySet<string>, conditions: string): string[] => {
    const note = (name: string): string => {
      expect(facts.has(name)).toBe(false);
      facts.set(name, { before, conditions });
      return name;
    };
    switch (node.kind) {
      case 'Fetch':
        return [note(node.operationName!)];
      case 'Flatten':
        return [note(node.node.operationName!)];
      case 'Root':
        return [note(node.fetch.operationName!)];
      case 'Entities':
        return node.members.map((each) => note(each.node.operationName!));
      case 'Parallel':
        return node.nodes.flatMap((each) => walk(each, before, conditions));
      case 'Sequence': {
        let seen = before;
        const own: string[] = [];
        for (const each of node.nodes) {
          own.push(...walk(each, seen, conditions));
          seen = new Set([...before, ...own]);
        }
        return own;
      }
      case 'Condition': {
        const { variable } = 'condition' in node ? node.condition : node;
        return [
          ...(node.then ? walk(node.then, before, `${conditions}+${variable}`) : []),
          ...(node.otherwise ? walk(node.otherwise, before, `${conditions}-${variable}`) : []),
        ];
      }
      default:
        throw new Error(node.kind);
    }
  };
  walk(root, new Set(), '');
  return facts;
}

/** Rounds of requests until all is there, if each takes one. */
function roundsOf(node: AnyNode): number {
  switch (node.kind) {
    case 'Sequence':
      return node.nodes.reduce((sum, each) => sum + roundsOf(each), 0);
    case 'Parallel':
      return Math.max(0, ...node.nodes.map(roundsOf));
    case 'Condition':
      return Math.max(node.then ? roundsOf(node.then) : 0, node.otherwise ? roundsOf(node.otherwise) : 0);
    default:
      return 1;
  }
}

function groupsOf(node: GroupedNode): FetchNode[][] {
  switch (node.kind) {
    case 'Root':
      return [[node.fetch]];
    case 'Entities':
      return [node.members.map((each) => each.node)];
    case 'Condition':
      return [node.then, node.otherwise].flatMap((each) => (each ? groupsOf(each) : []));
    default:
      return node.nodes.flatMap(groupsOf);
  }
}

const arbitraryPlan: fc.Arbitrary<PlanNode> = fc
  .letrec<{ node: PlanNode; list: PlanNode[] }>((tie) => ({
    list: fc.array(tie('node'), { minLength: 1, maxLength: 5 }),
    node: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc
        .tuple(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('{a}', '{b}'))
        .map(([subgraph, selection]): PlanNode => entity('', subgraph, selection)),
      fc.constant<PlanNode>(rootFetch({ subgraph: 'x', operation: '{q}' })),
      tie('list').map((nodes): PlanNode => ({ kind: 'Sequence', nodes })),
      tie('list').map((nodes): PlanNode => ({ kind: 'Parallel', nodes })),
      fc
        .tuple(
          fc.constantFrom('v', 'w'),
          fc.option(tie('node'), { nil: undefined }),
          fc.option(tie('node'), { nil: undefined }),
        )
        .map(([variable, then, otherwise]): PlanNode => when(variable, then, otherwise)),
    ),
  }))
  .node.map(named);

/** The plan with a name of its own for each fetch. */
function named(root: PlanNode): PlanNode {
  let count = 0;
  const walk = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case 'Fetch':
        return { ...node, operationName: `f${count++}` };
      case 'Flatten':
        return { ...node, node: { ...node.node, operationName: `f${count++}` } };
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map(walk) };
      case 'Condition':
        return { ...node, then: node.then && walk(node.then), otherwise: node.otherwise && walk(node.otherwise) };
      default:
        return node;
    }
  };
  return walk(root);
}

describe('of any plan', () => {
  const modes = fc.constantFrom<EntityBatching>('alias', 'merge', 'off');
  const any = (check: (plan: PlanNode, mode: EntityBatching) => void) =>
    fc.assert(fc.property(arbitraryPlan, modes, check), { numRuns: 400 });

  it('every fetch is there once, under the same conditions, after all it waited for', () => {
    any((plan, mode) => {
      const original = factsOf(plan);
      const now = factsOf(grouped(plan, mode));
      expect([...now.keys()].sort()).toEqual([...original.keys()].sort());
      for (const [name, { before, conditions }] of original) {
        expect(now.get(name)!.conditions).toBe(conditions);
        for (const each of before) expect(now.get(name)!.before.has(each), `${name} after ${each}`).toBe(true);
      }
    });
  });

  it('a group is of one subgraph, of one selection in mode merge, of one fetch in mode off', () => {
    any((plan, mode) => {
      for (const group of groupsOf(grouped(plan, mode))) {
        expect(new Set(group.map(({ subgraph }) => subgraph)).size).toBe(1);
        if (mode === 'merge') expect(new Set(group.map(selectionOf)).size).toBe(1);
        if (mode === 'off') expect(group).toHaveLength(1);
      }
    });
  });

  it('there are no more requests and no more rounds than before', () => {
    any((plan, mode) => {
      const result = grouped(plan, mode);
      expect(groupsOf(result).length).toBeLessThanOrEqual(factsOf(plan).size);
      expect(roundsOf(result)).toBeLessThanOrEqual(roundsOf(plan));
    });
  });

  it('the groups are the same every time', () => {
    any((plan, mode) => {
      expect(grouped(structuredClone(plan), mode)).toEqual(grouped(plan, mode));
    });
  });
});
