import { describe, expect, it } from 'vitest';

import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import type { JsonObject } from '../../../src/engine/execute/json.js';
import { entityFetch, inParallel, inSequence, rootFetch, runPlan } from '../../support/runPlan.js';
import type { Answer, PlanOutcome, PlanSetting } from '../../support/runPlan.js';

/** Three groups of entities that travel together to `b`. */
const plan = inSequence(
  rootFetch({ subgraph: 'a', operation: '{one{__typename id} two{__typename id} three{__typename id}}' }),
  inParallel(
    entityFetch('b', 'one', 'Product', ['id'], '{... on Product{name}}'),
    entityFetch('b', 'two', 'Product', ['id'], '{... on Product{size}}'),
    entityFetch('b', 'three', 'Product', ['id'], '{... on Product{label}}'),
  ),
);
const roots: Answer = () => ({
  data: Object.fromEntries(['one', 'two', 'three'].map((key) => [key, { __typename: 'Product', id: key }])),
});
const full = { name: 'n', size: 's', label: 'l' };
/** What a whole subgraph would say. */
const honest: Answer = ({ variables }) => ({
  data: Object.fromEntries(
    Object.keys(variables).map((name) => [
      name === 'representations' ? '_entities' : name.replace('representations', ''),
      [full],
    ]),
  ),
});
const joint = (answer: Answer, more: Partial<PlanSetting> = {}): Promise<PlanOutcome> =>
  runPlan(plan, {
    ...more,
    answers: { a: roots, b: (call) => (call.text.includes('_0:') ? answer(call) : honest(call)) },
  });
const codeAt = ({ run }: PlanOutcome, place: string, key: string) =>
  run.faults.at(run.root[place] as object, key)?.map(({ code }) => code);

describe('a joint answer that is null', () => {
  const nulled: Answer = () => ({ data: null, errors: [{ message: 'boom', path: ['_1', 0, 'size'] }] });

  it('costs only the named members: the others are asked once more, alone, with their own text', async () => {
    const outcome = await joint(nulled);
    expect(outcome.run.root).toEqual({
      one: { __typename: 'Product', id: 'one', name: 'n' },
      two: { __typename: 'Product', id: 'two' },
      three: { __typename: 'Product', id: 'three', label: 'l' },
    });
    expect(outcome.calls.slice(2).map(({ text }) => text)).toEqual([
      'query($representations:[_Any!]!){_entities(representations:$representations){... on Product{name}}}',
      'query($representations:[_Any!]!){_entities(representations:$representations){... on Product{label}}}',
    ]);
    expect(outcome.calls[2]!.variables).toEqual({ representations: [{ __typename: 'Product', id: 'one' }] });
    expect(codeAt(outcome, 'two', 'size')).toEqual(['DOWNSTREAM_SERVICE_ERROR']);
    expect(codeAt(outcome, 'one', 'name')).toBeUndefined();
  });

  it('is asked again once only', async () => {
    let calls = 0;
    const outcome = await runPlan(plan, {
      answers: {
        a: roots,
        b: (call) => {
          calls++;
          const path = call.text.includes('_0:') ? ['_1'] : ['_entities'];
          return { data: null, errors: [{ message: 'boom', path }] };
        },
      },
    });
    expect(calls).toBe(3);
    expect(codeAt(outcome, 'one', 'name')).toEqual(['DOWNSTREAM_SERVICE_ERROR']);
    expect(codeAt(outcome, 'three', 'label')).toEqual(['DOWNSTREAM_SERVICE_ERROR']);
  });

  it.each([
    ['names no path', [{ message: 'boom' }]],
    ['names a path and none', [{ message: 'boom', path: ['_1'] }, { message: 'boom' }]],
    ['names something that was not asked', [{ message: 'boom', path: ['elsewhere'] }]],
    ['names all', [0, 1, 2].map((i) => ({ message: 'boom', path: [`_${i}`] }))],
  ])('is not asked again when its error %s', async (_, errors) => {
    const outcome = await joint(() => ({ data: null, errors }));
    expect(outcome.calls).toHaveLength(2);
    for (const [place, key] of Object.entries({ one: 'name', two: 'size', three: 'label' }))
      expect(codeAt(outcome, place, key)?.[0]).toBe('DOWNSTREAM_SERVICE_ERROR');
  });

  it('is not asked again when the call itself failed', async () => {
    const outcome = await joint(() => {
      throw new PorticoError('SUBGRAPH_TIMEOUT', 'slow');
    });
    expect(outcome.calls).toHaveLength(2);
    expect(outcome.run.faults.all).toHaveLength(1);
    expect(codeAt(outcome, 'one', 'name')).toEqual(['SUBGRAPH_TIMEOUT']);
  });

  it('is not asked again after the deadline', async () => {
    const lifetime = new Lifetime(20_000);
    const outcome = await joint(
      (call) => {
        lifetime.end('deadline');
        return nulled(call);
      },
      { lifetime },
    );
    expect(outcome.calls).toHaveLength(2);
  });

  it('blames every entity of a named list, not only the one in the path', async () => {
    const listing = rootFetch({ subgraph: 'a', operation: '{products{__typename id}}' });
    const naming = entityFetch('b', 'products.@', 'Product', ['id'], '{... on Product{name}}');
    const { run } = await runPlan(inSequence(listing, naming), {
      answers: {
        a: () => ({ data: { products: ['1', '2', '3'].map((id) => ({ __typename: 'Product', id })) } }),
        b: () => ({ data: null, errors: [{ message: 'boom', path: ['_entities', 1, 'name'] }] }),
      },
    });
    for (const product of run.root['products'] as JsonObject[])
      expect(run.faults.at(product, 'name')?.[0]?.message).toBe('boom');
  });
});

describe('a malformed list costs that list alone', () => {
  it.each([
    ['too short', []],
    ['too long', [full, full]],
    ['an object', { 0: full, length: 1 }],
    ['a text', 'x'],
    ['missing', undefined],
    ['null', null],
  ])('%s', async (_, list) => {
    const outcome = await joint(() => ({ data: { _0: [full], _1: list, _2: [full] } }));
    expect(outcome.run.root['one']).toMatchObject({ name: 'n' });
    expect(outcome.run.root['three']).toMatchObject({ label: 'l' });
    expect(outcome.run.root['two']).toEqual({ __typename: 'Product', id: 'two' });
    expect(codeAt(outcome, 'two', 'size')).toEqual(['SUBREQUEST_MALFORMED_RESPONSE']);
    expect(codeAt(outcome, 'one', 'name')).toBeUndefined();
  });

  it('missing beside an error about another list', async () => {
    const outcome = await joint(() => ({
      data: { _0: [{ name: null }], _2: [full] },
      errors: [{ message: 'boom', path: ['_0', 0, 'name'] }],
    }));
    expect(codeAt(outcome, 'two', 'size')).toEqual(['SUBREQUEST_MALFORMED_RESPONSE']);
    expect(codeAt(outcome, 'one', 'name')).toEqual(['DOWNSTREAM_SERVICE_ERROR']);
  });

  it.each([[1], ['x'], [[full]], [true]])('an element that is no object costs that entity: %j', async (element) => {
    const outcome = await joint(() => ({ data: { _0: [full], _1: [element], _2: [full] } }));
    expect(codeAt(outcome, 'two', 'size')).toEqual(['SUBREQUEST_MALFORMED_RESPONSE']);
    expect(outcome.run.root['one']).toMatchObject({ name: 'n' });
  });

  it('a null element is an entity that was not found: no fault', async () => {
    const outcome = await joint(() => ({ data: { _0: [null], _1: [full], _2: [full] } }));
    expect(outcome.run.faults.all).toEqual([]);
    expect(outcome.run.root['one']).toEqual({ __typename: 'Product', id: 'one' });
  });

  it.each([[{}], ['x'], [5], [[]]])('neither data nor errors: %j', async (data) => {
    const outcome = await joint(() => ({ data, errors: undefined }));
    expect(codeAt(outcome, 'one', 'name')).toEqual(['SUBREQUEST_MALFORMED_RESPONSE']);
    expect(codeAt(outcome, 'three', 'label')).toEqual(['SUBREQUEST_MALFORMED_RESPONSE']);
  });
});

describe('errors stand at the object and key they are about', () => {
  it('for every object that the entity extends', async () => {
    const { run } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{products{__typename id note}}' }),
        entityFetch('b', 'products.@', 'Product', ['id'], '{... on Product{name tags{text}}}'),
      ),
      {
        answers: {
          a: () => ({ data: { products: ['x', 'y'].map((note) => ({ __typename: 'Product', id: '1', note })) } }),
          b: () => ({
            data: { _entities: [{ name: null, tags: [{ text: 't' }, { text: null }] }] },
            errors: [
              { message: 'no name', path: ['_entities', 0, 'name'] },
              { message: 'no text', path: ['_entities', 0, 'tags', 1, 'text'] },
            ],
          }),
        },
      },
    );
    for (const product of run.root['products'] as JsonObject[]) {
      expect(run.faults.at(product, 'name')?.map(({ message }) => message)).toEqual(['no name']);
      const tags = product['tags'] as JsonObject[];
      expect(run.faults.at(tags[1]!, 'text')?.map(({ message }) => message)).toEqual(['no text']);
    }
  });

  it('an entity that is remembered brings its errors along', async () => {
    const { run, calls } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{one{__typename id}}' }),
        entityFetch('b', 'one', 'Product', ['id'], '{... on Product{name}}'),
        rootFetch({ subgraph: 'a', operation: '{two{__typename id}}' }),
        entityFetch('b', 'two', 'Product', ['id'], '{... on Product{name}}'),
      ),
      {
        answers: {
          a: (call) => ({ data: { [call.text.includes('one') ? 'one' : 'two']: { __typename: 'Product', id: '1' } } }),
          b: () => ({
            data: { _entities: [{ name: null }] },
            errors: [{ message: 'no', path: ['_entities', 0, 'name'] }],
          }),
        },
      },
    );
    expect(calls).toHaveLength(3);
    expect(run.faults.at(run.root['two'] as object, 'name')?.map(({ message }) => message)).toEqual(['no']);
  });

  it('a status other than 2xx is a fault beside the data it came with', async () => {
    const outcome = await joint((call) => ({ ...(honest(call) as object), status: 503 }));
    expect(outcome.run.root['one']).toMatchObject({ name: 'n' });
    expect(codeAt(outcome, 'one', 'name')).toEqual(['SUBREQUEST_HTTP_ERROR']);
  });

  it.each([
    [['_entities', -1, 'name']],
    [['_entities', 1e9, 'name']],
    [['_entities', '0', 'name']],
    [['_entities', 0, '__proto__', 'polluted']],
    [['_entities', 0, 'constructor', 'prototype']],
    [['_entities', 0, 'name', 'deeper', 3]],
    [['_entities', 0]],
    [['__proto__']],
    [[]],
    ['no list'],
    [[null]],
    [new Array<string>(1000).fill('x')],
  ])('a hostile path never throws and loses no error: %j', async (path) => {
    const { run } = await runPlan(
      inSequence(
        rootFetch({ subgraph: 'a', operation: '{one{__typename id}}' }),
        entityFetch('b', 'one', 'Product', ['id'], '{... on Product{name}}'),
      ),
      {
        answers: {
          a: () => ({ data: { one: { __typename: 'Product', id: '1' } } }),
          b: () => ({ data: { _entities: [{ name: null }] }, errors: [{ message: 'odd', path }] }),
        },
      },
    );
    expect(run.faults.all.map(({ message }) => message)).toEqual(['odd']);
    expect(
      run.faults.at(run.root['one'] as object, 'name')?.[0]?.message ?? run.faults.has(run.root['one'] as object),
    ).toBeTruthy();
    expect(({} as JsonObject)['polluted']).toBeUndefined();
  });
});
