import fc from 'fast-check';
import { getGraphQLRateLimiter } from 'graphql-rate-limit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { handClock } from '../support/handClock.js';
import { someone } from '../support/identities.js';
import { createTestGateway } from '../support/testGateway.js';

/** The arguments that both know. */
interface Limit {
  readonly max: number;
  readonly window: string;
  readonly message?: string;
  readonly identityArgs?: string[];
  readonly arrayLengthField?: string;
  readonly readOnly?: boolean;
  readonly uncountRejected?: boolean;
}

/** One request of the sequential timeline. */
interface Step {
  readonly waitMs: number;
  readonly who: string;
  readonly email: string;
  readonly ids: number;
}

const SCHEMA = 'type Query { find(email: String!, ids: [Int!]!): String other(email: String): String }';
const MESSAGE = 'Slow down';
/** A sliding window that counts refusals knows their times to 1/256 of it: here 40 ms, so time passes in these steps. */
const WINDOW_MS = 10_240;
const TICK_MS = 40;

// Theirs goes by Date, and nothing else of this process does.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function both(limit: Limit, path = 'Query.find') {
  const clock = handClock();
  const gateway = createTestGateway({
    subgraphs: { a: { typeDefs: SCHEMA, resolvers: { Query: { find: () => 'x', other: () => 'y' } } } },
    rateLimit: { policies: [{ name: 'limit', fields: [path], message: MESSAGE, ...limit }] },
    clock,
  });
  const theirs = getGraphQLRateLimiter({ identifyContext: ({ who }: { readonly who: string }) => who });
  return {
    gateway,
    clock,
    ours: async ({ who, email, ids }: Step): Promise<string | undefined> => {
      const list = Array.from({ length: ids }, (_, at) => at).join();
      const query = `{ find(email: "${email}", ids: [${list}]) }`;
      const { errors } = await gateway.execute({ query, identity: someone(who) });
      return errors[0]?.message;
    },
    theirs: async ({ who, email, ids }: Step): Promise<string | undefined> => {
      vi.setSystemTime(clock.now());
      const args = { email, ids: Array.from({ length: ids }, (_, at) => at) };
      const call = { parent: undefined, args, context: { who }, info: { fieldName: 'find' } as never };
      return theirs(call, { message: MESSAGE, ...limit });
    },
  };
}

const steps = fc.array(
  fc.record({
    waitMs: fc.oneof(fc.constant(0), fc.nat(80)).map((ticks) => ticks * TICK_MS),
    who: fc.constantFrom('ada', 'grace'),
    email: fc.constantFrom('a@b.c', 'd@e.f'),
    ids: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 40 },
);

describe('what is kept of graphql-rate-limit lets through what it lets through, one request after the other', () => {
  const window = `${WINDOW_MS}ms`;
  test.each<[claim: string, limit: Limit]>([
    ['max, window and message', { max: 5, window, uncountRejected: true }],
    ['refusals that count', { max: 5, window, uncountRejected: false }],
    ['identityArgs', { max: 2, window, uncountRejected: true, identityArgs: ['email'] }],
    ['arrayLengthField', { max: 5, window, uncountRejected: true, arrayLengthField: 'ids' }],
    ['arrayLengthField, refusals counting', { max: 5, window, uncountRejected: false, arrayLengthField: 'ids' }],
    ['readOnly', { max: 1, window, uncountRejected: true, readOnly: true }],
    ['all together', { max: 4, window, uncountRejected: true, identityArgs: ['email'], arrayLengthField: 'ids' }],
  ])('%s', async (_claim, limit) => {
    const { gateway, clock, ours, theirs } = both(limit);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (timeline) => {
        run++;
        for (const step of timeline) {
          clock.turn(step.waitMs);
          const mine = { ...step, who: `${step.who} ${run}`, email: `${run}${step.email}` };
          expect(await ours(mine)).toBe(await theirs(mine));
        }
      }),
      { numRuns: 25 },
    );
    await gateway.close();
  });
});

describe('what is not kept', () => {
  const step: Step = { waitMs: 0, who: 'ada', email: 'a@b.c', ids: 1 };
  const limit: Limit = { max: 1, window: '10s' };
  const open: Array<{ close(): Promise<void> }> = [];
  const pair = (given: Limit, path?: string) => {
    const made = both(given, path);
    open.push(made.gateway);
    return made;
  };
  afterEach(async () => void (await Promise.all(open.splice(0).map((gateway) => gateway.close()))));

  test('refusals do not count by default; theirs do', async () => {
    const { clock, ours, theirs } = pair(limit);
    for (const waitMs of [0, 6_000]) {
      clock.turn(waitMs);
      await ours(step);
      await theirs(step);
    }
    clock.turn(5_000);
    expect([await ours(step), await theirs(step)]).toEqual([undefined, MESSAGE]);
  });

  test('a maximum of 0 lets nothing through; theirs makes 5 of it', async () => {
    const { ours, theirs } = pair({ ...limit, max: 0 });
    expect([await ours(step), await theirs(step)]).toEqual([MESSAGE, undefined]);
  });

  test('many at once are as many as one after the other; through a store that must be waited for theirs lets all through', async () => {
    const { ours } = pair(limit);
    const all = await Promise.all(Array.from({ length: 20 }, () => ours(step)));
    expect(all.filter((message) => message === undefined)).toHaveLength(1);
    const kept = new Map<string, number[]>();
    const limiter = getGraphQLRateLimiter({
      identifyContext: () => 'ada',
      store: {
        getForIdentity: async ({ fieldIdentity }) => kept.get(fieldIdentity) ?? [],
        setForIdentity: async ({ fieldIdentity }, stamps) => void kept.set(fieldIdentity, [...stamps]),
      },
    });
    const call = { parent: undefined, args: {}, context: {}, info: { fieldName: 'find' } as never };
    const theirs = await Promise.all(Array.from({ length: 20 }, () => limiter(call, limit)));
    expect(theirs.filter((message) => message === undefined)).toHaveLength(20);
  });

  test('fields of the same name on different types are counted apart; theirs have one counter', async () => {
    const { ours } = pair(limit, 'Query.other');
    expect([await ours(step), await ours(step)]).toEqual([undefined, undefined]);
    const limiter = getGraphQLRateLimiter({ identifyContext: () => 'ada' });
    const call = { args: {}, context: {}, info: { fieldName: 'user' } as never };
    expect(await limiter({ ...call, parent: { of: 'Query' } }, limit)).toBeUndefined();
    expect(await limiter({ ...call, parent: { of: 'Order' } }, limit)).toBeDefined();
  });

  test('values that run together do not: theirs takes a:b and c for a and b:c', async () => {
    const given: Limit = { ...limit, identityArgs: ['email', 'name'] };
    const limiter = getGraphQLRateLimiter({ identifyContext: () => 'ada' });
    const call = (email: string, name: string) =>
      limiter({ parent: undefined, args: { email, name }, context: {}, info: { fieldName: 'find' } as never }, given);
    expect(await call('a:b', 'c')).toBeUndefined();
    expect(await call('a', 'b:c')).toBeDefined();
  });
});
