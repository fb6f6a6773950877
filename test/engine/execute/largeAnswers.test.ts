import { buildSchema, getOperationAST, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';

import type { JsonObject } from '../../../src/engine/execute/json.js';
import { readSchemaNames } from '../../../src/engine/operation/canonicalKeys.js';
import { normalise } from '../../../src/engine/operation/normalise.js';
import { compileProjection } from '../../../src/engine/respond/compileProjection.js';
import type { Project } from '../../../src/engine/respond/compileProjection.js';
import { entityFetch, inParallel, inSequence, rootFetch, runPlan, finishedRun } from '../../support/runPlan.js';

/** More than fits into the arguments of one function call. */
const HUGE = 200_000;
const MANY = 10_000;

const listing = rootFetch({ subgraph: 'a', operation: '{products{__typename id note}}' });
const naming = entityFetch('b', 'products.@', 'Product', ['id'], '{... on Product{name size label}}');
const products = (count: number, id: (i: number) => unknown) => () => ({
  data: { products: Array.from({ length: count }, (_, i) => ({ __typename: 'Product', id: id(i), note: i })) },
});
const named = ({ variables }: { variables: Readonly<Record<string, unknown>> }) => ({
  data: { _entities: (variables['representations'] as JsonObject[]).map(({ id }) => ({ name: `n${String(id)}` })) },
});

describe('very large answers', () => {
  it('hundreds of thousands of objects may wait for one entity', async () => {
    const later = entityFetch('b', 'products.@', 'Product', ['id'], '{... on Product{name size label}}');
    const delay = entityFetch('c', 'products.@', 'Product', ['id'], '{... on Product{delay}}');
    // The second asks for what the first is loading still, the third for what is loaded.
    const { run, calls } = await runPlan(
      inSequence(
        listing,
        inParallel(
          inSequence(naming, entityFetch('d', 'products.@', 'Product', ['name'], '{... on Product{x}}')),
          inSequence(delay, later),
        ),
        later,
      ),
      {
        answers: {
          a: products(HUGE, () => '1'),
          b: async (call) => {
            await new Promise((resolve) => setTimeout(resolve, 50));
            return named(call);
          },
          c: () => ({ data: { _entities: [{ delay: 1 }] } }),
          d: () => ({ data: { _entities: [{ x: 1 }] } }),
        },
      },
    );
    expect(calls.filter(({ subgraph }) => subgraph === 'b')).toHaveLength(1);
    expect((run.root['products'] as JsonObject[]).every(({ name }) => name === 'n1')).toBe(true);
  });

  it('ten thousand entities come in one request and each to its object', async () => {
    const { run, calls } = await runPlan(inSequence(listing, naming), {
      answers: { a: products(MANY, (i) => i), b: named },
    });
    expect(calls).toHaveLength(2);
    expect((run.root['products'] as JsonObject[]).every(({ id, name }) => name === `n${String(id)}`)).toBe(true);
  });

  it('a hundred errors without a path about ten thousand entities are one list', async () => {
    const { run } = await runPlan(inSequence(listing, naming), {
      answers: {
        a: products(MANY, (i) => i),
        b: () => ({ data: null, errors: Array.from({ length: 500 }, (_, i) => ({ message: `e${i}` })) }),
      },
    });
    const [first, second] = run.root['products'] as JsonObject[];
    expect(run.faults.all).toHaveLength(100);
    expect(run.faults.dropped).toBe(400);
    expect(run.faults.at(first!, 'name')).toHaveLength(100);
    expect(run.faults.at(second!, 'size')).toBe(run.faults.at(first!, 'name'));
  });

  it('more errors than anybody reads are counted', async () => {
    const { run } = await runPlan(listing, {
      answers: { a: () => ({ data: { products: null }, errors: new Array<unknown>(HUGE).fill({ message: 'x' }) }) },
    });
    expect(run.faults.all).toHaveLength(100);
    expect(run.faults.dropped).toBe(HUGE - 100);
  });

  it('ten thousand different context-free places deep in lists of lists are found', async () => {
    const { run, calls } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{rows{__typename id}}' }),
        entityFetch('b', 'rows.@.@', 'Product', ['id'], '{... on Product{name}}'),
      ),
      {
        answers: {
          a: () => ({
            data: {
              rows: Array.from({ length: 100 }, (_, i) =>
                Array.from({ length: 100 }, (__, j) => ({ __typename: 'Product', id: `${i}.${j}` })),
              ),
            },
          }),
          b: named,
        },
      },
    );
    expect((calls[1]!.variables['representations'] as unknown[]).length).toBe(MANY);
    expect((run.root['rows'] as JsonObject[][])[99]![99]).toMatchObject({ name: 'n99.99' });
  });
});

describe('graphs that share', () => {
  it('a walk visits shared objects once: paths may grow beyond counting', async () => {
    // Each person has two friends: 2^20 paths, two objects a level once equal ones are one.
    const levels = 20;
    const paths = Array.from({ length: levels }, (_, i) => `me${'.friends.@'.repeat(i)}`);
    const plan = inSequence(
      rootFetch({ subgraph: 'a', operation: '{me{__typename id}}' }),
      ...paths.map((path) => entityFetch('b', path, 'Person', ['id'], '{... on Person{friends{__typename id}}}')),
    );
    const { run, calls } = await runPlan(plan, {
      answers: {
        a: () => ({ data: { me: { __typename: 'Person', id: 'x' } } }),
        b: ({ variables }) => ({
          data: {
            _entities: (variables['representations'] as JsonObject[]).map(() => ({
              friends: ['x', 'y'].map((id) => ({ __typename: 'Person', id })),
            })),
          },
        }),
      },
    });
    expect(calls.flatMap(({ variables }) => variables['representations'] ?? [])).toHaveLength(2);
    let at = run.root['me'] as JsonObject;
    for (let i = 0; i < levels - 1; i++) at = (at['friends'] as JsonObject[])[1]!;
    expect(at['id']).toBe('y');
  });

  it('objects that are not one still share what their entity brought: it is written once', async () => {
    // The `note` of each friend is the parent's: no two objects become one.
    const levels = 20;
    const paths = Array.from({ length: levels }, (_, i) => `me${'.friends.@'.repeat(i)}`);
    const plan = inSequence(
      rootFetch({ subgraph: 'a', operation: '{me{__typename id note}}' }),
      ...paths.map((path) => entityFetch('b', path, 'Person', ['id'], '{... on Person{friends{__typename id note}}}')),
    );
    const { run, calls } = await runPlan(plan, {
      answers: {
        a: () => ({ data: { me: { __typename: 'Person', id: 'x', note: 0 } } }),
        b: ({ variables }) => ({
          data: {
            _entities: (variables['representations'] as JsonObject[]).map(({ id: parent }) => ({
              friends: ['x', 'y'].map((id) => ({ __typename: 'Person', id, note: parent })),
            })),
          },
        }),
      },
    });
    expect(calls.flatMap(({ variables }) => variables['representations'] ?? [])).toHaveLength(2);
    expect(run.shared.size).toBeGreaterThan(0);
    const schema = buildSchema(
      'type Query { me: Person } type Person { id: ID! note: String friends: [Person!] bad: Int }',
    );
    const query = `{ me ${'{ friends '.repeat(levels)}{ id }${' }'.repeat(levels)} }`;
    const { text, errors } = projectionOf(schema, query)(run, undefined);
    expect(errors).toEqual([]);
    // Two to the power of `levels` objects, written as some forty.
    expect(text.length).toBeGreaterThan(2 ** levels * 10);

    const broken = projectionOf(schema, query.replace('{ id }', '{ bad }'));
    for (const object of run.shared) (object as JsonObject)['bad'] = 'no number';
    const refused = broken(run, undefined);
    expect(refused.errors).toHaveLength(100);
    expect(refused.droppedErrors).toBe(2 ** levels - 100);
  });
});

describe('an answer longer than any client reads', () => {
  const schema = buildSchema('type Query { me: Person } type Person { id: ID! friends: [Person!] }');

  it.each([24, 28, 60])('is refused, not built: two friends, %i times over', async (levels) => {
    const run = finishedRun({});
    const me: JsonObject = { __typename: 'Person', id: '1'.repeat(10) };
    me['friends'] = [me, me];
    run.root['me'] = me;
    run.shared.add(me);
    const project = projectionOf(schema, `{ me ${'{ friends '.repeat(levels)}{ id }${' }'.repeat(levels)} }`);
    expect(() => project(run, undefined)).toThrow(expect.objectContaining({ code: 'ANSWER_TOO_LARGE' }));
  });
});

function projectionOf(schema: GraphQLSchema, query: string): Project {
  const document = parse(query);
  const definition = getOperationAST(document)!;
  return compileProjection(normalise(document, definition, schema, readSchemaNames(schema)), schema, () => true);
}
