import { describe, expect, it } from 'vitest';

import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import type { JsonObject } from '../../../src/engine/execute/json.js';
import { entityFetch, inParallel, inSequence, rootFetch, runPlan } from '../../support/runPlan.js';
import type { Answer, PlanCall } from '../../support/runPlan.js';

const representationsOf = (call: PlanCall, name = 'representations') => call.variables[name] as JsonObject[];

/** Answers each `_entities` list by a function of the representation. */
const entities =
  (make: (representation: JsonObject) => unknown): Answer =>
  (call) => ({
    data: Object.fromEntries(
      Object.entries(call.variables).map(([name, list]) => [
        name === 'representations' ? '_entities' : name.replace('representations', ''),
        (list as JsonObject[]).map(make),
      ]),
    ),
  });

const products =
  (ids: readonly unknown[], more: JsonObject = {}): Answer =>
  () => ({
    data: { products: ids.map((id) => ({ __typename: 'Product', id, ...more })) },
  });
const listing = rootFetch({ subgraph: 'a', operation: '{products{__typename id}}' });
const naming = entityFetch('b', 'products.@', 'Product', ['id'], '{... on Product{name}}');

describe('what is asked', () => {
  it('equal representations are asked once and every object gets the answer', async () => {
    const { run, calls } = await runPlan(inSequence(listing, naming), {
      answers: { a: products(['1', '2', '1', '1']), b: entities(({ id }) => ({ name: `n${String(id)}` })) },
    });
    expect(representationsOf(calls[1]!)).toEqual([
      { __typename: 'Product', id: '1' },
      { __typename: 'Product', id: '2' },
    ]);
    expect((run.root['products'] as JsonObject[]).map(({ name }) => name)).toEqual(['n1', 'n2', 'n1', 'n1']);
  });

  it('a text id and a number id are different entities', async () => {
    const { calls } = await runPlan(inSequence(listing, naming), {
      answers: { a: products(['1', 1]), b: entities(() => ({ name: 'n' })) },
    });
    expect(representationsOf(calls[1]!)).toHaveLength(2);
  });

  it.each([[[]], [null], ['no list']])('no call without entities: %j', async (list) => {
    const { calls } = await runPlan(inSequence(listing, naming), {
      answers: { a: () => ({ data: { products: list } }), b: entities(() => ({})) },
    });
    expect(calls.map(({ subgraph }) => subgraph)).toEqual(['a']);
  });

  it('no call when every member of a group is without entities; an empty list beside a full one is sent', async () => {
    const two = (owner: unknown) =>
      runPlan(
        inSequence(
          rootFetch({ subgraph: 'a', operation: '{one{__typename id} two{__typename id}}' }),
          inParallel(
            entityFetch('b', 'one', 'Product', ['id'], '{... on Product{name}}'),
            entityFetch('b', 'two', 'Product', ['id'], '{... on Product{size}}'),
          ),
        ),
        { answers: { a: () => ({ data: { one: null, two: owner } }), b: entities(() => ({ name: 'n', size: 1 })) } },
      );
    expect((await two(null)).calls).toHaveLength(1);
    const { run, calls } = await two({ __typename: 'Product', id: '1' });
    expect(calls[1]!.variables).toEqual({
      representations_0: [],
      representations_1: [{ __typename: 'Product', id: '1' }],
    });
    expect(run.root['two']).toEqual({ __typename: 'Product', id: '1', size: 1 });
    expect(run.faults.all).toEqual([]);
  });

  it('an object whose required input was never delivered is not asked, the others are', async () => {
    const { run, calls } = await runPlan(inSequence(listing, naming), {
      answers: {
        a: () => ({ data: { products: [{ __typename: 'Product' }, { __typename: 'Product', id: '2' }] } }),
        b: entities(() => ({ name: 'n' })),
      },
    });
    expect(representationsOf(calls[1]!)).toEqual([{ __typename: 'Product', id: '2' }]);
    expect((run.root['products'] as JsonObject[])[0]).toEqual({ __typename: 'Product' });
  });
});

describe('what was loaded before in the same request', () => {
  const again = entityFetch('b', 'products.@.similar', 'Product', ['id'], '{... on Product{name}}');
  const similar = entityFetch('c', 'products.@', 'Product', ['id'], '{... on Product{similar{__typename id}}}');

  it('is not asked again by a later fetch with the same selection', async () => {
    const { run, calls } = await runPlan(inSequence(listing, naming, similar, again), {
      answers: {
        a: products(['1', '2']),
        b: entities(({ id }) => ({ name: `n${String(id)}` })),
        c: entities(({ id }) => ({ similar: { __typename: 'Product', id: id === '1' ? '2' : '3' } })),
      },
    });
    const asked = calls
      .filter(({ subgraph }) => subgraph === 'b')
      .map((call) => representationsOf(call).map(({ id }) => id));
    expect(asked).toEqual([['1', '2'], ['3']]);
    const names = (run.root['products'] as JsonObject[]).map((each) => (each['similar'] as JsonObject)['name']);
    expect(names).toEqual(['n2', 'n3']);
  });

  it('is awaited while it is in flight', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let inFlight = 0;
    const plan = inSequence(
      rootFetch({ subgraph: 'a', operation: '{products{__typename id}}' }),
      // Different groups: the second is behind a fetch of its own.
      inParallel(
        inSequence(naming, entityFetch('d', 'products.@', 'Product', ['name'], '{... on Product{label}}')),
        inSequence(similar, again),
      ),
    );
    const pending = runPlan(plan, {
      answers: {
        a: products(['1']),
        b: async (call) => {
          inFlight++;
          await held;
          return entities(({ id }) => ({ name: `n${String(id)}` }))(call);
        },
        c: (call) => {
          setTimeout(release, 20);
          return entities(() => ({ similar: { __typename: 'Product', id: '1' } }))(call);
        },
        d: entities(({ name }) => ({ label: name })),
      },
    });
    const { run } = await pending;
    expect(inFlight).toBe(1);
    expect(run.root['products']).toMatchObject([{ name: 'n1', label: 'n1', similar: { name: 'n1' } }]);
  });

  it('is asked again with another selection, another representation or at another subgraph', async () => {
    const { calls } = await runPlan(
      inSequence(
        listing,
        naming,
        entityFetch('b', 'products.@', 'Product', ['id'], '{... on Product{size}}'),
        entityFetch('b', 'products.@', 'Product', ['id', 'name'], '{... on Product{name}}'),
        entityFetch('c', 'products.@', 'Product', ['id'], '{... on Product{name}}'),
      ),
      { answers: { a: products(['1']), b: entities(() => ({ name: 'n' })), c: entities(() => ({ name: 'n' })) } },
    );
    expect(calls.map(({ subgraph }) => subgraph)).toEqual(['a', 'b', 'b', 'b', 'c']);
  });

  it('that failed is asked again by a later fetch, and nobody reads the failure as an answer', async () => {
    let first = true;
    const { run, calls } = await runPlan(inSequence(listing, naming, similar, again), {
      answers: {
        a: products(['1']),
        b: (call) => {
          if (!first) return entities(() => ({ name: 'n' }))(call);
          first = false;
          throw new PorticoError('SUBGRAPH_TIMEOUT', 'slow');
        },
        c: entities(() => ({ similar: { __typename: 'Product', id: '1' } })),
      },
    });
    expect(calls.filter(({ subgraph }) => subgraph === 'b')).toHaveLength(2);
    expect(run.root['products']).toMatchObject([{ similar: { name: 'n' } }]);
  });

  it('that failed while two places waited explains both', async () => {
    const plan = inSequence(
      listing,
      inParallel(
        inSequence(naming, entityFetch('d', 'products.@', 'Product', ['name'], '{... on Product{label}}')),
        inSequence(similar, again),
      ),
    );
    const { run, calls } = await runPlan(plan, {
      answers: {
        a: products(['1']),
        b: async () => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          throw new PorticoError('SUBGRAPH_TIMEOUT', 'slow');
        },
        c: entities(() => ({ similar: { __typename: 'Product', id: '1' } })),
        d: entities(() => ({})),
      },
    });
    expect(calls.filter(({ subgraph }) => subgraph === 'b')).toHaveLength(1);
    const [product] = run.root['products'] as JsonObject[];
    expect(run.faults.at(product!, 'name')?.[0]?.code).toBe('SUBGRAPH_TIMEOUT');
    expect(run.faults.at(product!['similar'] as JsonObject, 'name')?.[0]?.code).toBe('SUBGRAPH_TIMEOUT');
  });

  it('is forgotten in mutations: what follows a mutation reads again', async () => {
    let version = 0;
    const { calls, run } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: 'mutation{one{__typename id}}', operationKind: 'mutation' }),
        entityFetch('b', 'one', 'Product', ['id'], '{... on Product{name}}'),
        rootFetch({ subgraph: 'a', operation: 'mutation{two{__typename id}}', operationKind: 'mutation' }),
        entityFetch('b', 'two', 'Product', ['id'], '{... on Product{name}}'),
      ),
      {
        answers: {
          a: (call) => ({ data: { [call.text.includes('one') ? 'one' : 'two']: { __typename: 'Product', id: '1' } } }),
          b: entities(() => ({ name: `v${++version}` })),
        },
      },
    );
    expect(calls.map(({ subgraph }) => subgraph)).toEqual(['a', 'b', 'a', 'b']);
    expect([run.root['one'], run.root['two']]).toMatchObject([{ name: 'v1' }, { name: 'v2' }]);
  });
});

describe('batching modes', () => {
  const plan = inSequence(
    rootFetch({ subgraph: 'a', operation: '{one{__typename id} two{__typename id} three{__typename id}}' }),
    inParallel(
      entityFetch('b', 'one', 'Product', ['id'], '{... on Product{name}}'),
      entityFetch('b', 'two', 'Product', ['id'], '{... on Product{name}}'),
      entityFetch('b', 'three', 'Product', ['id'], '{... on Product{size}}'),
    ),
  );
  const answers = {
    a: () => ({
      data: Object.fromEntries(['one', 'two', 'three'].map((key) => [key, { __typename: 'Product', id: key }])),
    }),
    b: entities(({ id }) => ({ name: `n${String(id)}`, size: `s${String(id)}` })),
  };
  const expected = {
    one: { __typename: 'Product', id: 'one', name: 'none' },
    two: { __typename: 'Product', id: 'two', name: 'ntwo' },
    three: { __typename: 'Product', id: 'three', size: 'sthree' },
  };

  it.each([
    ['alias', 1],
    ['merge', 2],
    ['off', 3],
  ] as const)('%s sends %i entity calls and gives the same tree', async (batching, count) => {
    const { run, calls } = await runPlan(plan, { answers, batching });
    expect(calls).toHaveLength(1 + count);
    expect(run.root).toEqual(expected);
  });

  it('members with equal selections share a list, and the text is the same whatever is asked', async () => {
    const { calls } = await runPlan(plan, { answers });
    const less = await runPlan(plan, {
      answers: { ...answers, a: () => ({ data: { two: { __typename: 'Product', id: 'x' } } }) },
    });
    expect(calls[1]!.text.match(/_entities/g)).toHaveLength(2);
    expect(less.calls[1]!.text).toBe(calls[1]!.text);
  });

  it('client variables of all members travel once, under names that cannot meet ours', async () => {
    const { calls } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{one{__typename id} two{__typename id}}' }),
        inParallel(
          entityFetch('b', 'one', 'Product', ['id'], '{... on Product{name(x:$representations_0)}}', {
            operation:
              'query($representations:[_Any!]!,$representations_0:Int){_entities(representations:$representations){... on Product{name(x:$representations_0)}}}',
            variables: ['representations_0'],
          }),
          entityFetch('b', 'two', 'Product', ['id'], '{... on Product{size}}'),
        ),
      ),
      { answers, variables: { representations_0: 7 } },
    );
    expect(calls[1]!.variables['representations_0']).toBe(7);
    expect(Object.keys(calls[1]!.variables)).toHaveLength(3);
  });
});

describe('two objects of one entity', () => {
  /** Parents that say different things about one product: `note` is not part of its key. */
  const plan = inSequence(
    rootFetch({ subgraph: 'a', operation: '{reviews{product{__typename id note}}}' }),
    entityFetch('b', 'reviews.@.product', 'Product', ['id'], '{... on Product{dims{width}}}'),
    entityFetch('c', 'reviews.@.product', 'Product', ['id', 'note'], '{... on Product{dims{label}}}'),
  );
  const answers = {
    a: () => ({
      data: {
        reviews: [
          { product: { __typename: 'Product', id: '1', note: 'x' } },
          { product: { __typename: 'Product', id: '1', note: 'y' } },
          { product: { __typename: 'Product', id: '1', note: 'x' } },
        ],
      },
    }),
    b: entities(() => ({ dims: { width: 1 } })),
    c: entities(({ note }) => ({ dims: { label: `label of ${String(note)}` } })),
  };

  it('that hold more than what identifies them stay two, also in the value objects they get', async () => {
    const { run } = await runPlan(plan, { answers });
    expect((run.root['reviews'] as JsonObject[]).map(({ product }) => product)).toEqual([
      { __typename: 'Product', id: '1', note: 'x', dims: { width: 1, label: 'label of x' } },
      { __typename: 'Product', id: '1', note: 'y', dims: { width: 1, label: 'label of y' } },
      { __typename: 'Product', id: '1', note: 'x', dims: { width: 1, label: 'label of x' } },
    ]);
  });

  it('that hold nothing else become one', async () => {
    const { run } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{reviews{product{__typename id}}}' }),
        entityFetch('b', 'reviews.@.product', 'Product', ['id'], '{... on Product{dims{width}}}'),
      ),
      {
        answers: {
          a: () => ({ data: { reviews: [1, 2].map(() => ({ product: { __typename: 'Product', id: '1' } })) } }),
          b: answers.b,
        },
      },
    );
    const [one, two] = run.root['reviews'] as JsonObject[];
    expect(one!['product']).toBe(two!['product']);
    expect(run.shared.has(one!['product'] as object)).toBe(true);
  });

  it('stay two when an error is placed in one of them', async () => {
    const { run } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{reviews{product{__typename id sku}}}' }),
        entityFetch('b', 'reviews.@.product', 'Product', ['id', 'sku'], '{... on Product{name}}'),
      ),
      {
        answers: {
          a: () => ({
            data: { reviews: [1, 2].map(() => ({ product: { __typename: 'Product', id: '1', sku: 's' } })) },
            errors: [0, 1].map((i) => ({ message: `sku ${i}`, path: ['reviews', i, 'product', 'sku'] })),
          }),
          b: entities(() => ({ name: 'n' })),
        },
      },
    );
    const found = (run.root['reviews'] as JsonObject[]).map(({ product }) => run.faults.at(product as object, 'sku'));
    expect(found.map((faults) => faults?.map(({ message }) => message))).toEqual([['sku 0'], ['sku 1']]);
    expect(run.root['reviews']).toMatchObject([{ product: { name: 'n' } }, { product: { name: 'n' } }]);
  });
});

describe('the type name', () => {
  const one = rootFetch({ subgraph: 'a', operation: '{node{__typename id}}' });
  const extend = entityFetch('b', 'node', 'Node', ['id'], '{... on Node{__typename name}}');
  // An interface object is asked for under the interface's name.
  const extendObject = entityFetch('b', 'node', 'Node', ['id'], '{... on Node{__typename name}}', {
    inputRewrites: [{ kind: 'ValueSetter', path: ['... on Node', '__typename'], value: 'Node' }],
  });
  const possible = new Map([['Node', new Set(['Book', 'Movie'])]]);
  const objectTypes = new Set(['Book', 'Movie']);
  const ask = (known: unknown, returned: unknown, fetch = extend) =>
    runPlan(inSequence(one, fetch), {
      possible,
      objectTypes,
      answers: {
        a: () => ({ data: { node: { __typename: known, id: '1' } } }),
        b: entities(() => ({ __typename: returned, name: 'n' })),
      },
    });

  it('that is known is never overwritten by what an interface object says', async () => {
    expect((await ask('Book', 'Node', extendObject)).run.root['node']).toEqual({
      __typename: 'Book',
      id: '1',
      name: 'n',
    });
  });

  it('of an interface is provisional: the first object type named takes its place', async () => {
    expect((await ask('Node', 'Movie')).run.root['node']).toEqual({ __typename: 'Movie', id: '1', name: 'n' });
  });

  it('of another object type makes that entity malformed', async () => {
    const { run } = await ask('Book', 'Movie');
    expect(run.root['node']).toEqual({ __typename: 'Book', id: '1' });
    expect(run.faults.at(run.root['node'] as object, 'name')?.[0]?.code).toBe('SUBREQUEST_MALFORMED_RESPONSE');
  });

  it('that is no text is not taken', async () => {
    expect((await ask('Book', { a: 1 })).run.root['node']).toMatchObject({ __typename: 'Book' });
  });
});
