import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Lifetime } from '../../src/base/kit/Lifetime.js';
import type { RequestContext } from '../../src/request/context.js';
import { SharedExecutions } from '../../src/request/SharedExecutions.js';
import { makeContext } from '../support/requestContext.js';

/** One execution that the test settles by hand. */
interface Started {
  readonly leader: RequestContext;
  readonly resolve: (reply: object) => void;
  readonly reject: (error: Error) => void;
}

const operation = {};
let shared: SharedExecutions<object>;
let started: Started[];

const join = (context: RequestContext, key = 'k', owner: object = operation): Promise<object> =>
  shared.join(
    owner,
    key,
    context,
    (leader) => new Promise<object>((resolve, reject) => started.push({ leader, resolve, reject })),
  );
/** What became of a promise, once everything queued has run. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  await new Promise((resolve) => setImmediate(resolve));
  return Promise.race([promise.catch((error: { code?: string }) => error.code ?? error), Promise.resolve('pending')]);
}

beforeEach(() => {
  shared = new SharedExecutions<object>();
  started = [];
});

const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
beforeEach(() => void process.on('unhandledRejection', note));
afterEach(async () => {
  // Whoever still waits would do so until its deadline, in the middle of another file.
  for (const { resolve } of started) resolve({});
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled.splice(0)).toEqual([]);
});

describe('identical executions in flight', () => {
  it('are one: every waiter gets the same reply, followers know whom they followed', async () => {
    const contexts = [
      makeContext({ requestId: 'one' }),
      makeContext({ requestId: 'two' }),
      makeContext({ requestId: 'three' }),
    ];
    const replies = contexts.map((context) => join(context));
    expect(started).toHaveLength(1);
    expect(started[0]!.leader.requestId).toBe('one');
    const reply = Object.freeze({ text: 't' });
    started[0]!.resolve(reply);
    for (const each of await Promise.all(replies)) expect(each).toBe(reply);
    expect(contexts.map(({ trace }) => trace.sharedWith)).toEqual([undefined, 'one', 'one']);
  });

  it('are not shared under another key or of another operation', () => {
    void join(makeContext(), 'a');
    void join(makeContext(), 'b');
    void join(makeContext(), 'a', {});
    expect(started).toHaveLength(3);
  });

  it('leave when they settle: who comes later starts anew', async () => {
    const first = join(makeContext());
    started[0]!.resolve({});
    await first;
    void join(makeContext());
    expect(started).toHaveLength(2);
  });

  it('that fail reach the current waiters only', async () => {
    const waiters = [join(makeContext()), join(makeContext())];
    started[0]!.reject(new Error('boom'));
    for (const each of waiters) await expect(each).rejects.toThrow('boom');
    const later = join(makeContext());
    started[1]!.resolve({ fine: true });
    await expect(later).resolves.toEqual({ fine: true });
  });

  it('carry the correlation of the leader alone', () => {
    void join(makeContext({ correlation: [['x-request-id', 'one']] }));
    void join(makeContext({ correlation: [['x-request-id', 'two']] }));
    expect(started.map(({ leader }) => leader.correlation)).toEqual([[['x-request-id', 'one']]]);
  });
});

describe('a waiter that leaves', () => {
  it('by its own deadline gets GATEWAY_TIMEOUT while the others wait on', async () => {
    const short = new Lifetime(10);
    const leader = join(makeContext({ lifetime: short }));
    const follower = join(makeContext());
    await expect(leader).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' });
    expect(started[0]!.leader.lifetime.ended).toBeUndefined();
    expect(await stateOf(follower)).toBe('pending');
    started[0]!.resolve({ late: true });
    await expect(follower).resolves.toEqual({ late: true });
  });

  it('because its client went away gets REQUEST_CANCELLED while the others wait on', async () => {
    const gone = new Lifetime(20_000);
    const leader = join(makeContext({ lifetime: gone }));
    const follower = join(makeContext());
    gone.end('cancelled');
    await expect(leader).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
    expect(started[0]!.leader.lifetime.ended).toBeUndefined();
    started[0]!.resolve({});
    await expect(follower).resolves.toEqual({});
  });

  it('as the last aborts the execution, and nobody joins it any more', async () => {
    const [one, two] = [new Lifetime(20_000), new Lifetime(20_000)];
    const waiters = [join(makeContext({ lifetime: one })), join(makeContext({ lifetime: two }))];
    one.end('cancelled');
    expect(started[0]!.leader.lifetime.ended).toBeUndefined();
    two.end('deadline');
    expect(started[0]!.leader.lifetime.ended).toBe('cancelled');
    await expect(waiters[0]).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
    await expect(waiters[1]).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' });
    const later = join(makeContext());
    expect(started).toHaveLength(2);
    // The aborted one settles late: it must neither answer nor remove the new one.
    started[0]!.reject(new Error('aborted'));
    await stateOf(later);
    void join(makeContext());
    expect(started).toHaveLength(2);
    started[1]!.resolve({ fine: true });
    await expect(later).resolves.toEqual({ fine: true });
  });

  it('after the answer changes nothing', async () => {
    const lifetime = new Lifetime(20_000);
    const waiter = join(makeContext({ lifetime }));
    started[0]!.resolve({});
    await waiter;
    lifetime.end('cancelled');
    expect(started[0]!.leader.lifetime.ended).toBeUndefined();
  });

  it('before it came is refused at once and leaves nothing behind', async () => {
    const over = new Lifetime(20_000);
    over.end('cancelled');
    await expect(join(makeContext({ lifetime: over }))).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' });
    void join(makeContext());
    expect(started.at(-1)!.leader.lifetime.ended).toBeUndefined();
  });

  it('that was over before it followed does not disturb those who wait', async () => {
    const waiting = join(makeContext());
    const over = new Lifetime(20_000);
    over.end('deadline');
    await expect(join(makeContext({ lifetime: over }))).rejects.toMatchObject({ code: 'GATEWAY_TIMEOUT' });
    expect(started).toHaveLength(1);
    expect(started[0]!.leader.lifetime.ended).toBeUndefined();
    started[0]!.resolve({});
    await expect(waiting).resolves.toEqual({});
  });
});

it('an execution that cannot even start leaves nothing behind', async () => {
  const broken = (): Promise<object> => {
    throw new Error('no start');
  };
  expect(() => shared.join(operation, 'k', makeContext(), broken)).toThrow('no start');
  void join(makeContext());
  expect(started).toHaveLength(1);
});
