import { describe, expect, test } from 'vitest';

import type { EngineSettings } from '../../../src/base/config/loadOptions.js';
import { MemoryLimiter } from '../../../src/request/ratelimit/MemoryLimiter.js';
import { handClock } from '../../support/handClock.js';
import { someone } from '../../support/identities.js';
import { createTestGateway } from '../../support/testGateway.js';
import type { TestAnswer } from '../../support/testGateway.js';

const SDL = `type Query {
  items(first: Int): [Item] @listSize(slicingArguments: ["first"])
  few(first: Int): [Item] @listSize(assumedSize: 2)
  free: String
}
type Item { id: ID }`;

type Policy = NonNullable<NonNullable<EngineSettings['rateLimit']>['policies']>[number];

/** As many items come as `answered` says. */
function gatewayOf(policy: Partial<Policy> = {}, limiter?: (clock: ReturnType<typeof handClock>) => MemoryLimiter) {
  const clock = handClock();
  const state = { answered: undefined as number | undefined };
  const items = (_: unknown, { first }: { first?: number }) =>
    new Array(state.answered ?? first ?? 2).fill({ id: '1' });
  const gateway = createTestGateway({
    subgraphs: { shop: { typeDefs: SDL, resolvers: { Query: { items, few: items, free: () => 'free' } } } },
    clock,
    demandControl: { enabled: true },
    rateLimit: { policies: [{ name: 'points', max: 100, window: '1m', counts: 'cost', ...policy }] },
    ...(limiter && { limiter: limiter(clock) }),
  });
  const ask = (first: number, identity = someone('ada')): Promise<TestAnswer> =>
    gateway.execute({ query: 'query($n: Int) { items(first: $n) { id } }', variables: { n: first }, identity });
  return { clock, gateway, state, ask };
}

const codesOf = ({ errors }: TestAnswer): unknown[] => errors.map(({ extensions }) => extensions['code']);
const left = ({ headers }: TestAnswer): number => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

const ALGORITHMS = ['sliding_window', 'token_bucket', 'fixed_window'] as const;

describe.each(ALGORITHMS)('a limit of points, counted by %s', (algorithm) => {
  test('takes what an operation is estimated to cost, and refuses what is more than is left with 429', async () => {
    const { ask, gateway } = gatewayOf({ algorithm });
    expect(left(await ask(60))).toBe(40);
    const refused = await ask(41);
    expect(refused.errors[0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', http: { status: 429 } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(gateway.calls).toHaveLength(1);
    expect(left(await ask(40))).toBe(0);
  });

  test('gives back what the operation cost less than estimated', async () => {
    const { ask, state } = gatewayOf({ algorithm });
    state.answered = 10;
    await ask(90);
    expect(left(await ask(50))).toBe(100 - 10 - 50);
    expect(left(await ask(50))).toBe(100 - 20 - 50);
  });

  test('takes besides what the operation cost more than estimated, at most one window worth', async () => {
    const { gateway, state, ask, clock } = gatewayOf({ algorithm });
    state.answered = 70;
    expect(left(await gateway.execute({ query: '{ few { id } }', identity: someone('ada') }))).toBe(98);
    expect(codesOf(await ask(31))).toEqual(['RATE_LIMITED']);
    state.answered = 50_000;
    await gateway.execute({ query: '{ few { id } }', identity: someone('ada') });
    clock.turn(120_000);
    state.answered = undefined;
    expect(codesOf(await ask(100))).toEqual([]);
  });

  test('costs nothing where the operation costs nothing, and lets it pass when all is used up', async () => {
    const { gateway, ask } = gatewayOf({ algorithm });
    await ask(100);
    expect(codesOf(await ask(1))).toEqual(['RATE_LIMITED']);
    expect(codesOf(await gateway.execute({ query: '{ free }', identity: someone('ada') }))).toEqual([]);
  });
});

describe('a limit of points', () => {
  test('is counted for each identity, and differs by plan and consumer', async () => {
    const { ask } = gatewayOf({ plans: { pro: { max: 500 } }, consumers: { batch: { unlimited: true } } });
    await ask(100);
    expect(codesOf(await ask(1))).toEqual(['RATE_LIMITED']);
    expect(codesOf(await ask(100, someone('grace')))).toEqual([]);
    expect(left(await ask(400, { ...someone('linus'), plan: 'pro' }))).toBe(100);
    expect(codesOf(await ask(900, someone('batch')))).toEqual([]);
  });

  test('that is tried out counts, corrects and refuses nothing', async () => {
    const { ask, state } = gatewayOf({ dryRun: true });
    state.answered = 10;
    expect(left(await ask(90))).toBe(10);
    expect(left(await ask(90))).toBe(0);
    // The one before was estimated at 90, cost 10, and passes on probation.
    expect(codesOf(await ask(95))).toEqual([]);
  });

  test('stands beside a limit of operations: both must be met', async () => {
    const clock = handClock();
    const gateway = createTestGateway({
      subgraphs: { shop: { typeDefs: SDL, resolvers: { Query: { few: () => [{}, {}] } } } },
      clock,
      demandControl: { enabled: true },
      rateLimit: {
        policies: [
          { name: 'points', max: 5, window: '1m', counts: 'cost' },
          { name: 'operations', max: 9, window: '1m' },
        ],
      },
    });
    const answers: TestAnswer[] = [];
    for (let n = 0; n < 3; n++) answers.push(await gateway.execute('{ few { id } }'));
    expect(answers.map(codesOf)).toEqual([[], [], ['RATE_LIMITED']]);
    expect(answers[2]!.headers.get('ratelimit')).toMatch(/"operations";r=7/);
  });

  test('charges each of many that share one execution, and corrects each', async () => {
    const { gateway, state, ask } = gatewayOf();
    state.answered = 1;
    await ask(10);
    await Promise.all([ask(10), ask(10), ask(10)]);
    expect(left(await ask(50))).toBe(100 - 4 - 50);
    expect(gateway.calls.length).toBeGreaterThan(0);
  });

  test('keeps the estimate where the store fails to correct it, and answers all the same', async () => {
    class Forgetful extends MemoryLimiter {
      override adjust(): never {
        throw new Error('gone');
      }
    }
    const { ask, state } = gatewayOf({}, (clock) => new Forgetful({ clock }));
    state.answered = 1;
    expect(codesOf(await ask(60))).toEqual([]);
    expect(left(await ask(40))).toBe(0);
  });

  test('gives nothing back to a window that began after the operation was charged', async () => {
    const { gateway, clock } = gatewayOf({ algorithm: 'fixed_window' });
    const limiter = new MemoryLimiter({ clock });
    const rule = {
      name: 'a',
      algorithm: 'fixed_window',
      max: 10,
      windowMs: 60_000,
      burst: 10,
      calendar: undefined,
      countRejected: false,
    } as const;
    const claim = { rule, key: 'ada', tenant: '', cost: 8, readOnly: false };
    const [spending] = limiter.spend([{ units: 1, claims: [claim], decides: true }]);
    clock.turn(61_000);
    limiter.spend([{ units: 1, claims: [{ ...claim, cost: 4 }], decides: true }]);
    limiter.adjust([{ claim, units: -8, at: spending!.standings[0]!.at }]);
    expect(
      limiter.spend([{ units: 1, claims: [{ ...claim, cost: 0 }], decides: true }])[0]!.standings[0]!.remaining,
    ).toBe(6);
    await gateway.close();
  });
});
