import { createHash } from 'node:crypto';

import { parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';

import { PorticoError } from '../../src/base/errors/PorticoError.js';
import { Lifetime } from '../../src/base/kit/Lifetime.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import { createInlineApolloPlanner } from '../../src/engine/plan/apollo/createInlineApolloPlanner.js';
import type { PlanRequest } from '../../src/engine/plan/Planner.js';
import type { GraphQLReply, RequestContext } from '../../src/request/context.js';
import type { GenerationParts } from '../../src/request/Generation.js';
import { createHandle } from '../../src/request/handle.js';
import { readSupergraph } from '../../src/supergraph/read/readSupergraph.js';
import { createInProcessClient } from '../../src/upstream/inProcessClient.js';
import type { InProcessAnswer } from '../../src/upstream/inProcessClient.js';
import type { SubgraphCall } from '../../src/upstream/SubgraphClient.js';
import { composeSdl } from '../support/compose.js';
import { makeContext } from '../support/requestContext.js';

const supergraph = readSupergraph(
  composeSdl({
    a: `
      type Query { greeting(name: String, big: Big): String item: Item other: String }
      type Mutation { touch: String other: String }
      type Subscription { ticks: Int }
      type Item @key(fields: "id") { id: ID! name: String }
      scalar Big
    `,
    b: `
      type Query { elsewhere: String }
      type Item @key(fields: "id") { id: ID! price: Int @override(from: "c", label: "new-price") }
    `,
    c: `
      type Item @key(fields: "id") { id: ID! price: Int }
    `,
  }),
);

type Answer = (call: SubgraphCall) => InProcessAnswer | Promise<InProcessAnswer>;
const whole: Answer = ({ operation, variablesJson }) => {
  if (operation.text.includes('_entities')) return { data: { _entities: [{ __typename: 'Item', price: 1 }] } };
  const data = {
    ...(operation.text.includes('item') && { item: { __typename: 'Item', id: '1', name: 'n' } }),
    touch: 't',
    other: 'o',
    elsewhere: 'e',
    greeting: variablesJson ?? 'none',
  };
  const asked = Object.entries(data).filter(([key]) => operation.text.includes(key));
  // Whatever the engine calls the field.
  const key = /(_greeting_\w+)/.exec(operation.text)?.[1];
  return { data: { ...Object.fromEntries(asked), ...(key !== undefined && { [key]: data.greeting }) } };
};

interface Bench {
  readonly calls: { readonly subgraph: string; readonly call: SubgraphCall }[];
  readonly plans: PlanRequest[];
  run(
    query: string,
    variables?: Record<string, unknown>,
    more?: Partial<RequestContext> & { operationName?: string },
  ): Promise<GraphQLReply>;
}

const planner = createInlineApolloPlanner({ supergraphSdl: supergraph.sdl });

function bench(answer: Answer = whole, parts: Partial<GenerationParts> = {}): Bench {
  const calls: { subgraph: string; call: SubgraphCall }[] = [];
  const plans: PlanRequest[] = [];
  const client = (name: string) =>
    createInProcessClient({
      name,
      answer: (call) => {
        calls.push({ subgraph: name, call });
        return answer(call);
      },
    });
  const handle = createHandle({
    supergraph,
    planner: {
      plan: (request, lifetime) => {
        plans.push(request);
        return planner.plan(request, lifetime);
      },
      close: () => Promise.resolve(),
    },
    clients: new Map(['a', 'b', 'c'].map((name) => [name, client(name)])),
    limits: DEFAULT_LIMITS,
    exposureOf: () => ({ mask: true, allowExtensions: new Set(['code']) }),
    batchingOf: () => 'alias',
    overrideLabels: new Set(),
    dedupe: true,
    exposePlans: false,
    maxPrepared: 100,
    ...parts,
  });
  return {
    calls,
    plans,
    run: (query, variables, { operationName, ...context } = {}) =>
      handle({
        document: parse(query),
        documentHash: createHash('sha256').update(query).digest('hex'),
        operationName,
        variables,
        context: makeContext(context),
      }),
  };
}

/** An answer that waits until it is let go. */
function held(answer: Answer = whole): { answer: Answer; release: () => void } {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  return {
    answer: async (call) => {
      await gate;
      return answer(call);
    },
    release: () => release(),
  };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
process.on('unhandledRejection', note);
afterEach(async () => {
  await soon();
  expect(unhandled.splice(0)).toEqual([]);
});

describe('identical queries in flight', () => {
  it('share one execution and one reply', async () => {
    const { answer, release } = held();
    const { calls, run } = bench(answer);
    const contexts = [makeContext({ requestId: 'one' }), makeContext({ requestId: 'two' })];
    const pending = contexts.map((context) => run('{ other }', undefined, context));
    await soon();
    release();
    const [one, two] = await Promise.all(pending);
    expect(calls).toHaveLength(1);
    expect(one).toBe(two);
    expect(one!.data?.text).toBe('{"other":"o"}');
    expect(contexts.map(({ trace }) => [trace.sharedWith, trace.subgraphCalls])).toEqual([
      [undefined, 1],
      ['one', 0],
    ]);
  });

  it.each<[string, [string, Record<string, unknown>?, string?], [string, Record<string, unknown>?, string?]]>([
    [
      'variables',
      ['query($v: String) { greeting(name: $v) }', { v: 'x' }],
      ['query($v: String) { greeting(name: $v) }', { v: 'y' }],
    ],
    [
      'null and an absent variable',
      ['query($v: String) { greeting(name: $v) }', { v: null }],
      ['query($v: String) { greeting(name: $v) }', {}],
    ],
    [
      'large integers that a double cannot tell apart',
      ['query($v: Big) { greeting(big: $v) }', { v: 12345678901234567890n }],
      ['query($v: Big) { greeting(big: $v) }', { v: 12345678901234567891n }],
    ],
    [
      'a number and its text',
      ['query($v: Big) { greeting(big: $v) }', { v: 1 }],
      ['query($v: Big) { greeting(big: $v) }', { v: '1' }],
    ],
    [
      'operation names',
      ['query A { other } query B { other }', {}, 'A'],
      ['query A { other } query B { other }', {}, 'B'],
    ],
    ['documents', ['{ other }'], ['{other}']],
  ])('do not share with other %s', async (_, one, other) => {
    const { answer, release } = held();
    const { calls, run } = bench(answer);
    const pending = [one, other].map(([query, variables, operationName]) =>
      run(query, variables, operationName === undefined ? {} : { operationName }),
    );
    await soon();
    release();
    await Promise.all(pending);
    expect(calls).toHaveLength(2);
  });

  it('share when variables differ only in what coercion makes equal', async () => {
    const { answer, release } = held();
    const { calls, run } = bench(answer);
    const query = 'query($v: String = "x") { greeting(name: $v) }';
    const pending = [run(query, {}), run(query, { v: 'x' })];
    await soon();
    release();
    await Promise.all(pending);
    expect(calls).toHaveLength(1);
  });

  it('do not share when it is off, and mutations never do', async () => {
    const off = bench(whole, { dedupe: false });
    await Promise.all([off.run('{ other }'), off.run('{ other }')]);
    expect(off.calls).toHaveLength(2);
    const on = bench();
    await Promise.all([on.run('mutation { touch }'), on.run('mutation { touch }')]);
    expect(on.calls).toHaveLength(2);
  });

  it('do not share when different headers are forwarded, and each gets its own (CACHE-04, CACHE-08)', async () => {
    const { answer, release } = held();
    const { calls, run } = bench(answer, {
      forwardHeaders: (context) => {
        const user = context.header('x-user') ?? '';
        return { key: user, headersFor: () => [['x-user', user]], correlationFor: () => [] };
      },
    });
    const as = (user: string) => run('{ other }', undefined, { header: () => user });
    const pending = [as('ann'), as('bob'), as('ann')];
    await soon();
    release();
    await Promise.all(pending);
    expect(calls.map(({ call }) => call.headers[0]![1])).toEqual(['ann', 'bob']);
  });

  it('do not share with a query that began before a mutation ended', async () => {
    const { answer, release } = held();
    const { calls, run } = bench((call) =>
      call.operation.kind === 'query' && calls.length === 1 ? answer(call) : whole(call),
    );
    const before = run('{ other }');
    await soon();
    await run('mutation { touch }');
    const after = await run('{ other }');
    expect(after.data?.text).toBe('{"other":"o"}');
    release();
    await before;
    expect(calls.map(({ call }) => call.operation.kind)).toEqual(['query', 'mutation', 'query']);
  });

  it('pass a failure to the current waiters only', async () => {
    let healthy = false;
    const { run } = bench(whole, {
      planner: {
        plan: async (request, lifetime) => {
          await soon();
          if (!healthy) throw new PorticoError('QUERY_PLANNING_FAILED', 'boom');
          return planner.plan(request, lifetime);
        },
        close: () => Promise.resolve(),
      },
    });
    const failing = [run('{ other }'), run('{ other }')];
    for (const each of failing) await expect(each).rejects.toMatchObject({ code: 'QUERY_PLANNING_FAILED' });
    healthy = true;
    await expect(run('{ other }')).resolves.toMatchObject({ data: { text: '{"other":"o"}' } });
  });
});

describe('read your writes', () => {
  it('a finished mutation changes the epoch of the subgraphs it touched, and of no other', async () => {
    const { calls, run } = bench();
    await run('{ other elsewhere }');
    await run('mutation { touch }');
    await run('{ other elsewhere }');
    const epochs = (subgraph: string) =>
      calls
        .filter((each) => each.subgraph === subgraph && each.call.operation.kind === 'query')
        .map(({ call }) => call.epoch);
    const [before, after] = epochs('a');
    expect(after).not.toBe(before);
    expect(new Set(epochs('b')).size).toBe(1);
  });

  it('a mutation that failed may have changed something all the same', async () => {
    const { calls, run } = bench((call) => {
      if (call.operation.kind === 'mutation') throw new PorticoError('SUBGRAPH_TIMEOUT', 'slow');
      return whole(call);
    });
    await run('{ other }');
    await run('mutation { touch }');
    await run('{ other }');
    const [before, , after] = calls.map(({ call }) => call.epoch);
    expect(after).not.toBe(before);
  });
});

describe('the end of a request', () => {
  it.each([true, false])(
    'by its deadline is GATEWAY_TIMEOUT, and the subgraph call is aborted (dedupe %s)',
    async (dedupe) => {
      const { calls, run } = bench(() => new Promise(() => {}), { dedupe });
      const pending = run('{ other }', undefined, { lifetime: new Lifetime(30) });
      await expect(pending).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' });
      await soon();
      expect(calls[0]!.call.lifetime.ended).toBeDefined();
    },
  );

  it.each([true, false])(
    'because the client left is REQUEST_CANCELLED, and the subgraph call is aborted (dedupe %s)',
    async (dedupe) => {
      const { calls, run } = bench(() => new Promise(() => {}), { dedupe });
      const lifetime = new Lifetime(20_000);
      const pending = run('{ other }', undefined, { lifetime });
      setTimeout(() => lifetime.end('cancelled'), 20);
      await expect(pending).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
      await soon();
      expect(calls[0]!.call.lifetime.ended).toBe('cancelled');
    },
  );

  it('sends nothing further once it is over', async () => {
    const lifetime = new Lifetime(20_000);
    const { calls, run } = bench(
      (call) => {
        lifetime.end('cancelled');
        return whole(call);
      },
      { dedupe: false },
    );
    await expect(run('{ item { price } }', undefined, { lifetime })).rejects.toMatchObject({
      code: 'REQUEST_CANCELLED',
    });
    expect(calls).toHaveLength(1);
  });
});

describe('what is refused before anything is sent', () => {
  it('a subscription', async () => {
    const { calls, run } = bench();
    const reply = await run('subscription { ticks }');
    expect(reply.data?.text).toBeUndefined();
    expect(reply.errors.map(({ extensions }) => extensions['code'])).toEqual(['SUBSCRIPTIONS_NOT_SUPPORTED']);
    expect(reply.errors[0]!.extensions['http']).toMatchObject({ status: 400 });
    expect(calls).toEqual([]);
  });

  it.each([
    ['query A { other } query B { other }', undefined],
    ['query A { other }', 'B'],
    ['fragment F on Query { other }', undefined],
  ])('an operation that cannot be told: %s named %s', async (query, operationName) => {
    const { run } = bench();
    const reply = await run(query, undefined, operationName === undefined ? {} : { operationName });
    expect(reply.errors.map(({ extensions }) => extensions['code'])).toEqual(['OPERATION_RESOLUTION_FAILURE']);
  });

  it('variables that do not fit', async () => {
    const { calls, run } = bench();
    const reply = await run('query($v: String!) { greeting(name: $v) }', {});
    expect(reply.errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
    expect(calls).toEqual([]);
  });
});

describe('conditions', () => {
  const query =
    'query($skip: Boolean = true, $more: Boolean! = false) { other @skip(if: $skip) elsewhere @include(if: $more) __typename }';

  it('read defaults where a variable is absent', async () => {
    const { calls, run } = bench();
    expect((await run(query, {})).data?.text).toBe('{"__typename":"Query"}');
    expect(calls).toEqual([]);
    expect((await run(query, { skip: false })).data?.text).toBe('{"other":"o","__typename":"Query"}');
    expect((await run(query, { skip: false, more: true })).data?.text).toBe(
      '{"other":"o","elsewhere":"e","__typename":"Query"}',
    );
  });

  it('are right for every combination, more of them than projectors are kept', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const wide = `query(${names.map((name) => `$${name}: Boolean!`).join(' ')}) { ${names.map((name) => `${name}: other @include(if: $${name})`).join(' ')} }`;
    const { run } = bench();
    for (let round = 0; round < 2; round++) {
      for (let bits = 0; bits < 64; bits++) {
        const variables = Object.fromEntries(names.map((name, i) => [name, (bits & (1 << i)) !== 0]));
        const expected = Object.fromEntries(names.filter((name) => variables[name]).map((name) => [name, 'o']));
        expect(JSON.parse((await run(wide, variables)).data!.text)).toEqual(expected);
      }
    }
  });
});

describe('override labels', () => {
  it('decide who is asked, each set of labels with a plan of its own', async () => {
    const overrideLabels = new Set<string>();
    const off = bench();
    await off.run('{ item { price } }');
    expect(off.calls.map(({ subgraph }) => subgraph)).toEqual(['a', 'c']);
    overrideLabels.add('new-price');
    const on = bench(whole, { overrideLabels });
    await on.run('{ item { price } }');
    expect(on.calls.map(({ subgraph }) => subgraph)).toEqual(['a', 'b']);
    expect(on.plans.map(({ labels }) => labels)).toEqual([['new-price']]);
    await on.run('{ item { name } }');
    expect(on.plans.at(-1)!.labels).toEqual([]);
  });
});

describe('a prepared document', () => {
  it('is planned once for many requests', async () => {
    const { plans, run } = bench();
    for (let i = 0; i < 5; i++) await run('query($v: String) { greeting(name: $v) }', { v: String(i) });
    expect(plans).toHaveLength(1);
  });

  it('is never answered as another one: by name, by text, whatever came before (CACHE-13)', async () => {
    const { run } = bench();
    const two = 'query A { other } query B { b: other }';
    for (const [query, operationName, text] of [
      [two, 'A', '{"other":"o"}'],
      [two, 'B', '{"b":"o"}'],
      [two, 'A', '{"other":"o"}'],
      ['query A { other } query B { c: other }', 'B', '{"c":"o"}'],
      ['#{ b: other }\n{ other }', undefined, '{"other":"o"}'],
      ['#{ other }\n{ b: other }', undefined, '{"b":"o"}'],
      ['{ other,, }', undefined, '{"other":"o"}'],
    ] as const)
      expect(
        (await run(query, undefined, operationName === undefined ? {} : { operationName })).data?.text,
        query,
      ).toBe(text);
  });

  it('is forgotten when there are too many, and answered all the same', async () => {
    const { plans, run } = bench(whole, { maxPrepared: 2 });
    for (const alias of ['a', 'b', 'c', 'a'])
      expect((await run(`{ ${alias}: other }`)).data?.text).toBe(`{"${alias}":"o"}`);
    expect(plans).toHaveLength(4);
  });

  it('that failed to plan is planned again', async () => {
    let broken = true;
    const { run } = bench(whole, {
      planner: {
        plan: (request, lifetime) => {
          if (broken) throw new PorticoError('QUERY_PLANNING_TIMEOUT', 'slow');
          return planner.plan(request, lifetime);
        },
        close: () => Promise.resolve(),
      },
    });
    await expect(run('{ other }')).rejects.toMatchObject({ code: 'QUERY_PLANNING_TIMEOUT' });
    broken = false;
    expect((await run('{ other }')).data?.text).toBe('{"other":"o"}');
  });
});
