import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/engine/execute/json.js';
import { applyOutputRewrites } from '../../../src/engine/execute/outputRewrites.js';
import type { Rewrite } from '../../../src/engine/plan/nodes.js';
import { entityFetch, inSequence, rootFetch, runPlan } from '../../support/runPlan.js';

const possible = new Map([['Node', new Set(['A', 'B'])]]);
const rename = (path: string, key: string): Rewrite => ({ kind: 'KeyRenamer', path: path.split('/'), key });

describe('applyOutputRewrites', () => {
  const apply = (value: unknown, ...rewrites: Rewrite[]): unknown => {
    applyOutputRewrites(value, rewrites, possible);
    return value;
  };

  it('renames keys where the type fits, through lists of lists', () => {
    const value = { l: [[{ __typename: 'A', x_: 1 }, null], [{ __typename: 'C', x_: 2 }], { x_: 3 }] };
    expect(apply(value, rename('l/... on Node/x_', 'x'))).toEqual({
      l: [[{ __typename: 'A', x: 1 }, null], [{ __typename: 'C', x_: 2 }], { x: 3 }],
    });
  });

  it('replaces nothing when the reply lacks the key, and keeps a null', () => {
    expect(apply({ x: 1 }, rename('x_', 'x'))).toEqual({ x: 1 });
    expect(apply({ x_: null }, rename('x_', 'x'))).toEqual({ x: null });
  });

  it('sets values', () => {
    const set: Rewrite = { kind: 'ValueSetter', path: ['o', '__typename'], value: 'A' };
    expect(apply({ o: [{ __typename: 'Z' }, {}] }, set)).toEqual({ o: [{ __typename: 'A' }, { __typename: 'A' }] });
  });

  it.each([[null], [1], ['text'], [[]], [[[null]]], [{ l: 'x' }], [{ l: [1, null, [2]] }]])(
    'leaves what has another shape: %j',
    (value) => {
      expect(apply(structuredClone(value), rename('l/... on A/x_', 'x'))).toEqual(value);
    },
  );
});

describe('errors about a renamed key', () => {
  const messagesAt = (faults: readonly { message: string }[] | undefined) => faults?.map(({ message }) => message);

  it('of a root fetch stand at the new name', async () => {
    const { run } = await runPlan(
      rootFetch({
        subgraph: 'a',
        operation: '{nodes{__typename ... on A{x} ... on B{x__alias_0:x}}}',
        outputRewrites: [rename('nodes/... on B/x__alias_0', 'x')],
      }),
      {
        answers: {
          a: () => ({
            data: {
              nodes: [
                { __typename: 'A', x: null },
                { __typename: 'B', x__alias_0: null },
              ],
            },
            errors: [
              { message: 'A.x', path: ['nodes', 0, 'x'] },
              { message: 'B.x', path: ['nodes', 1, 'x__alias_0'] },
            ],
          }),
        },
      },
    );
    const [a, b] = run.root['nodes'] as JsonObject[];
    expect(messagesAt(run.faults.at(a!, 'x'))).toEqual(['A.x']);
    expect(messagesAt(run.faults.at(b!, 'x'))).toEqual(['B.x']);
  });

  it('of an entity fetch stand at the new name, also where the key never came', async () => {
    const { run } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{one{__typename id} two{__typename id}}' }),
        entityFetch('b', 'one', 'B', ['id'], '{... on A{x} ... on B{x__alias_0:x}}', {
          outputRewrites: [rename('... on B/x__alias_0', 'x')],
        }),
        entityFetch('b', 'two', 'B', ['id'], '{... on A{y} ... on B{y__alias_0:y}}', {
          outputRewrites: [rename('... on B/y__alias_0', 'y')],
        }),
      ),
      {
        answers: {
          a: () => ({ data: { one: { __typename: 'B', id: '1' }, two: { __typename: 'B', id: '2' } } }),
          b: ({ text }) =>
            text.includes('x__alias_0')
              ? {
                  data: { _entities: [{ __typename: 'B', x__alias_0: null }] },
                  errors: [{ message: 'B.x', path: ['_entities', 0, 'x__alias_0'] }],
                }
              : { data: { _entities: [{}] }, errors: [{ message: 'B.y', path: ['_entities', 0, 'y__alias_0'] }] },
        },
      },
    );
    expect(messagesAt(run.faults.at(run.root['one'] as object, 'x'))).toEqual(['B.x']);
    expect(messagesAt(run.faults.at(run.root['two'] as object, 'y'))).toEqual(['B.y']);
  });
});
