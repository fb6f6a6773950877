import { describe, expect, it } from 'vitest';

import type { GroupedNode } from '../../../src/engine/execute/GroupedNode.js';
import { groupPlan } from '../../../src/engine/execute/groupPlan.js';
import type { PlanNode } from '../../../src/engine/plan/nodes.js';
import type { JsonObject } from '../../../src/engine/execute/json.js';
import { entityFetch, inParallel, inSequence, rootFetch, runPlan } from '../../support/runPlan.js';
import type { PlanCall } from '../../support/runPlan.js';

const fetchOf = (name: string, subgraph: string, selection: string) =>
  entityFetch(subgraph, 'a', 'T', ['id'], selection, { operationName: name });

/** `[a+b]` is one request, `>` a sequence, `|` a parallel. */
function sketch(node: GroupedNode): string {
  if (node.kind === 'Root') return node.fetch.operationName!;
  if (node.kind === 'Entities') return `[${node.members.map((each) => each.node.operationName).join('+')}]`;
  if (node.kind === 'Condition') return `${node.condition.variable}?${node.then ? sketch(node.then) : ''}`;
  return `(${node.nodes.map(sketch).join(node.kind === 'Sequence' ? ' > ' : ' | ')})`;
}
const grouped = (node: PlanNode): string =>
  sketch(
    groupPlan(
      node,
      () => 'alias',
      ({ operation }) => operation.replace(/^.*representations\)/, ''),
    ),
  );

describe('a leaf', () => {
  const leaf = fetchOf('leaf', 'y', '{stock}');
  const branch = inSequence(fetchOf('a', 'x', '{name}'), fetchOf('b', 'y', '{size}'));

  it('travels in a later request of a sibling branch', () => {
    expect(grouped(inParallel(leaf, branch))).toBe('([a] > [b+leaf])');
  });

  it('travels alone where another branch may load all that the later request asks for', () => {
    const other = inSequence(fetchOf('c', 'z', '{name}'), fetchOf('d', 'y', '{size}'));
    expect(grouped(inParallel(inSequence(fetchOf('t', 'w', '{w}'), inParallel(leaf, branch)), other))).toBe(
      '(([t] > ([leaf] | ([a] > [b]))) | ([c] > [d]))',
    );
    expect(grouped(inParallel(leaf, branch, other))).toBe('([leaf] | ([a] > [b]) | ([c] > [d]))');
  });

  it('travels alone where an earlier fetch may have loaded all that the later request asks for', () => {
    expect(grouped(inSequence(fetchOf('early', 'y', '{size}'), inParallel(leaf, branch)))).toBe(
      '([early] > ([leaf] | ([a] > [b])))',
    );
  });

  it('does not care for what runs after the later request', () => {
    const late = fetchOf('late', 'y', '{size}');
    expect(grouped(inSequence(inParallel(leaf, branch), late))).toBe('(([a] > [b+leaf]) > [late])');
    expect(grouped(inParallel(leaf, inSequence(branch, late)))).toBe('(([a] > [b+leaf]) > [late])');
  });

  it('travels in a request that another branch may load when it may load the leaf as well', () => {
    const other = inSequence(
      fetchOf('c', 'z', '{name}'),
      inParallel(fetchOf('d', 'y', '{size}'), fetchOf('e', 'y', '{stock}')),
    );
    expect(grouped(inParallel(leaf, branch, other))).toBe('(([a] > [b+leaf]) | ([c] > [d+e]))');
  });
});

describe('when another branch is asking for the same entities already', () => {
  it('the leaf is sent at once, and nothing is asked twice', async () => {
    const events: string[] = [];
    const gates = new Map<string, () => void>();
    const answerTo = (what: string): void => gates.get(what)!();
    let heard = (): void => {};
    /** Holds each call until the test answers it. */
    const held = async (call: PlanCall): Promise<{ data: JsonObject }> => {
      const what = /(users|top|name|size|stock)\b[^}]*\}+$/.exec(call.text)![1]!;
      events.push(`${what} asked`);
      const answered = new Promise<void>((resolve) => gates.set(what, resolve));
      heard();
      await answered;
      events.push(`${what} answered`);
      if (what === 'users') return { data: { users: [{ likes: { __typename: 'Product', id: '1' } }] } };
      if (what === 'top') return { data: { top: [{ __typename: 'Product', id: '1' }] } };
      return { data: { _entities: [{ [what]: `${what} of 1` }] } };
    };
    const asked = async (what: string): Promise<void> => {
      while (!gates.has(what)) await new Promise<void>((resolve) => (heard = resolve));
    };
    const nameOf = (path: string) => entityFetch('products', path, 'Product', ['id'], '{... on Product{name}}');
    const sizeOf = (path: string) => entityFetch('stock', path, 'Product', ['name'], '{... on Product{size}}');
    const pending = runPlan(
      inParallel(
        inSequence(
          rootFetch({ subgraph: 'users', operation: '{users{likes{__typename id}}}' }),
          nameOf('users.@.likes'),
          sizeOf('users.@.likes'),
        ),
        inSequence(
          rootFetch({ subgraph: 'products', operation: '{top{__typename id}}' }),
          inParallel(
            inSequence(nameOf('top.@'), sizeOf('top.@')),
            entityFetch('stock', 'top.@', 'Product', ['id'], '{... on Product{stock}}'),
          ),
        ),
      ),
      { answers: { users: held, products: held, stock: held } },
    );
    await asked('users');
    answerTo('users');
    await asked('name');
    answerTo('top');
    // Were it in the request for the size, it would be asked for only after the name.
    await asked('stock');
    answerTo('name');
    await asked('size');
    answerTo('stock');
    answerTo('size');
    const { run, calls } = await pending;
    expect(events.filter((event) => event.endsWith('asked'))).toEqual([
      'users asked',
      'top asked',
      'name asked',
      'stock asked',
      'size asked',
    ]);
    expect(events.indexOf('stock asked')).toBeLessThan(events.indexOf('name answered'));
    expect(calls).toHaveLength(5);
    expect(run.root['top']).toMatchObject([{ name: 'name of 1', size: 'size of 1', stock: 'stock of 1' }]);
    expect(run.root['users']).toMatchObject([{ likes: { name: 'name of 1', size: 'size of 1' } }]);
  });
});
