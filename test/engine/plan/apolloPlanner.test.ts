import { spawnSync } from 'node:child_process';

import { afterEach, describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { createApolloPlanner } from '../../../src/engine/plan/apollo/createApolloPlanner.js';
import type { ApolloPlannerOptions } from '../../../src/engine/plan/apollo/createApolloPlanner.js';
import { createInlineApolloPlanner } from '../../../src/engine/plan/apollo/createInlineApolloPlanner.js';
import type { PlannerPool } from '../../../src/engine/plan/apollo/PlannerPool.js';
import { composeSdl } from '../../support/compose.js';

const supergraphSdl = composeSdl({
  a: 'type Query { t: T other: Int } type T @key(fields: "id") { id: ID! x: Int }',
  b: 'type T @key(fields: "id") { id: ID! y: Int x: Int @override(from: "a", label: "move") }',
});
const forever = new Lifetime(Infinity);
const planners: PlannerPool[] = [];

function start(options: Partial<ApolloPlannerOptions> = {}): PlannerPool {
  const planner = createApolloPlanner({ supergraphSdl, ...options });
  planners.push(planner);
  return planner;
}

function ask(planner: PlannerPool, text: string, lifetime = forever, labels: string[] = []) {
  return planner.plan({ text, labels }, lifetime);
}

afterEach(() => Promise.all(planners.splice(0).map((planner) => planner.close())));

describe('plans from worker threads', () => {
  it('are the plans made in this thread', async () => {
    const request = { text: 'query Q($x: Boolean!) { t { x y @include(if: $x) } }', labels: [] };
    const inline = await createInlineApolloPlanner({ supergraphSdl }).plan(request, forever);
    const pooled = await start().plan(request, forever);
    expect(pooled).toEqual(JSON.parse(JSON.stringify(inline)));
  });

  it('follow the override labels of the request', async () => {
    const planner = start();
    const text = '{ t { x } }';
    const [off, on] = [await ask(planner, text), await ask(planner, text, forever, ['move'])];
    expect(off.node).toMatchObject({ kind: 'Fetch', subgraph: 'a' });
    expect(on.node).toMatchObject({ kind: 'Sequence' });
  });

  it('give the error of the planner as QUERY_PLANNING_FAILED, and the next plan is made', async () => {
    const planner = start();
    await expect(ask(planner, '{ nothing }')).rejects.toMatchObject({ code: 'QUERY_PLANNING_FAILED' });
    await expect(ask(planner, '{ other }')).resolves.toMatchObject({ unplanned: [] });
  });
});

describe('a planner that hangs', () => {
  const trap = { operationName: 'Hang', does: 'hang' } as const;

  it('is stopped at its deadline, delays nobody else, and its operation is refused for a minute', async () => {
    let now = 0;
    const planner = start({ trap, timeoutMs: 3_000, now: () => now });
    await planner.warm(3);
    const hung = ask(planner, 'query Hang { other }').catch((error: unknown) => error);
    const others = Array.from({ length: 5 }, (_, at) => ask(planner, `query Q${at} { t { y } }`));
    let hungIsOver = false;
    void hung.then(() => (hungIsOver = true));
    await Promise.all(others);
    expect(hungIsOver).toBe(false);

    expect(await hung).toMatchObject({ code: 'QUERY_PLANNING_TIMEOUT' });
    now = 59_999;
    const refused = await ask(planner, 'query Hang { other }').catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'QUERY_PLANNING_TIMEOUT',
      message: expect.stringContaining('Refused') as unknown,
    });
    await ask(planner, 'query After { other }');
    now = 60_000;
    const again = await ask(planner, 'query Hang { other }').catch((error: unknown) => error);
    expect(again).toMatchObject({ message: expect.stringContaining('Stopped') as unknown });
  });

  it('is replaced: twice as many hanging operations as threads leave a planner that plans', async () => {
    const planner = start({ trap, timeoutMs: 1_500, workers: 2 });
    const hung = Array.from({ length: 4 }, (_, at) =>
      ask(planner, `query Hang${at} { other }`).catch((error: { code: string }) => error.code),
    );
    expect(await Promise.all(hung)).toEqual(Array(4).fill('QUERY_PLANNING_TIMEOUT'));
    await ask(planner, '{ other }');
  });

  it('delays nobody else either when as many hang as may plan at once', async () => {
    const planner = start({ trap, workers: 2, timeoutMs: 20_000 });
    await planner.warm(3);
    const lifetime = new Lifetime(Infinity);
    const hung = ['Hang1', 'Hang2'].map((name) =>
      ask(planner, `query ${name} { other }`, lifetime).catch((error: { code: string }) => error.code),
    );
    let isOver = false;
    void Promise.race(hung).then(() => (isOver = true));
    await Promise.all(Array.from({ length: 5 }, (_, at) => ask(planner, `query Q${at} { t { y } }`)));
    expect(isOver).toBe(false);
    expect(planner.threadCount).toBeLessThanOrEqual(5);
    lifetime.end('cancelled');
    expect(await Promise.all(hung)).toEqual(['REQUEST_CANCELLED', 'REQUEST_CANCELLED']);
  });

  it('loses the request that waits for it when its lifetime ends', async () => {
    const planner = start({ trap });
    await planner.warm();
    const lifetime = new Lifetime(Infinity);
    const hung = ask(planner, 'query Hang { other }', lifetime).catch((error: unknown) => error);
    lifetime.end('cancelled');
    expect(await hung).toMatchObject({ code: 'REQUEST_CANCELLED' });
    const late = new Lifetime(1);
    expect(await ask(planner, 'query Hang { other }', late).catch((error: unknown) => error)).toMatchObject({
      code: 'GATEWAY_TIMEOUT',
    });
  });
});

describe('the queue', () => {
  const trap = { operationName: 'Hang', does: 'hang' } as const;

  it('is bounded, and a plan that nobody waits for leaves it (DOS-25)', async () => {
    const planner = start({ trap, workers: 1, maxQueue: 1 });
    await planner.warm();
    const hung = ask(planner, 'query Hang { other }').catch((error: unknown) => error);
    const lifetime = new Lifetime(Infinity);
    const waiting = ask(planner, 'query A { other }', lifetime).catch((error: unknown) => error);
    await expect(ask(planner, 'query B { other }')).rejects.toMatchObject({ code: 'QUERY_PLANNING_OVERLOADED' });
    const sameOperation = new Lifetime(Infinity);
    const joined = ask(planner, 'query A { other }', sameOperation).catch((error: unknown) => error);
    lifetime.end('cancelled');
    await waiting;
    await expect(ask(planner, 'query B { other }')).rejects.toMatchObject({ code: 'QUERY_PLANNING_OVERLOADED' });
    sameOperation.end('cancelled');
    await joined;
    const next = ask(planner, 'query B { other }').catch((error: unknown) => error);
    await planner.close();
    expect(await Promise.all([hung, next])).toMatchObject([{ code: 'SHUTTING_DOWN' }, { code: 'SHUTTING_DOWN' }]);
  });
});

describe('a planner that dies', () => {
  it.each(['exit', 'eat'] as const)(
    '(%s) fails its own request, which is then refused, and is replaced',
    async (does) => {
      const planner = start({ trap: { operationName: 'Die', does }, timeoutMs: 25_000, heapMb: 64, workers: 1 });
      const error = await ask(planner, 'query Die { other }').catch((each: unknown) => each);
      expect(error).toMatchObject({ code: 'QUERY_PLANNING_FAILED' });
      const again = await ask(planner, 'query Die { other }').catch((each: unknown) => each);
      expect(again).toMatchObject({ message: expect.stringContaining('Refused') as unknown });
      await ask(planner, '{ other }');
    },
  );

  it('before it could plan (no supergraph) fails the warm-up and every plan at once', async () => {
    const planner = start({ supergraphSdl: 'type Query { a: Int }' });
    await expect(planner.warm()).rejects.toMatchObject({ code: 'SUPERGRAPH_INVALID' });
    await expect(ask(planner, '{ a }')).rejects.toMatchObject({ code: 'QUERY_PLANNING_FAILED' });
  });
});

describe('close', () => {
  it('leaves no thread, and later plans are refused', async () => {
    const planner = start();
    await planner.warm(2);
    await ask(planner, '{ other }');
    expect(planner.threadCount).toBe(3);
    await planner.close();
    expect(planner.threadCount).toBe(0);
    await expect(ask(planner, '{ other }')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('is not needed before the first plan: nothing was started', () => {
    expect(start().threadCount).toBe(0);
  });

  it('is not needed to let the process end: threads keep it alive only while somebody waits for a plan', () => {
    const script = `
      import { Lifetime } from './src/base/kit/Lifetime.ts';
      import { createApolloPlanner } from './src/engine/plan/apollo/createApolloPlanner.ts';
      const planner = createApolloPlanner({ supergraphSdl: ${JSON.stringify(supergraphSdl)} });
      const plan = await planner.plan({ text: '{ other }', labels: [] }, new Lifetime(Infinity));
      console.log(plan.node.kind);`;
    const run = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(run).toMatchObject({ stdout: 'Fetch\n', stderr: '', status: 0 });
  });
});
