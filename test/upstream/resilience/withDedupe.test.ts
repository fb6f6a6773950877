import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { createInProcessClient } from '../../../src/upstream/inProcessClient.js';
import type { InProcessAnswer } from '../../../src/upstream/inProcessClient.js';
import { withDeadline } from '../../../src/upstream/resilience/withDeadline.js';
import { withDedupe } from '../../../src/upstream/resilience/withDedupe.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../../src/upstream/SubgraphClient.js';
import { makeCall, makeOperation } from '../../support/subgraphCall.js';

interface Pending {
  readonly call: SubgraphCall;
  readonly resolve: (answer: InProcessAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A subgraph whose answers the test gives by hand. */
function byHand(): { client: SubgraphClient; sent: Pending[] } {
  const sent: Pending[] = [];
  const next = createInProcessClient({
    name: 'a',
    answer: (call) => new Promise((resolve, reject) => sent.push({ call, resolve, reject })),
  });
  return { client: withDedupe(next), sent };
}

const codeOf = (reply: Promise<SubgraphReply>): Promise<unknown> =>
  reply.then(
    () => 'answered',
    (error: { code: unknown }) => error.code,
  );

describe('withDedupe', () => {
  it('makes one call for identical queries in flight and gives all the same parsed objects', async () => {
    const { client, sent } = byHand();
    const replies = [1, 2, 3].map(() =>
      client.execute(
        makeCall({ variablesJson: '{"a":1}', headers: [['x', '1']], correlation: [['id', String(Math.random())]] }),
      ),
    );
    expect(sent).toHaveLength(1);
    const data = { a: 1 };
    sent[0]!.resolve({ data });
    for (const reply of await Promise.all(replies)) {
      expect(reply.data).toBe(data);
      expect(reply.shared).toBe(true);
    }
  });

  it('does not mark a reply shared that only one caller got', async () => {
    const { client, sent } = byHand();
    const reply = client.execute(makeCall());
    sent[0]!.resolve({ data: 1 });
    expect(await reply).toMatchObject({ shared: false });
  });

  it('shares by text: another operation object with the same text is the same query', async () => {
    const { client, sent } = byHand();
    const replies = [makeCall({ operation: makeOperation() }), makeCall({ operation: makeOperation() })].map((call) =>
      client.execute(call),
    );
    expect(sent).toHaveLength(1);
    sent[0]!.resolve({});
    await Promise.all(replies);
  });

  const base: Partial<SubgraphCall> = {
    variablesJson: '{"a":1}',
    headers: [
      ['x', '1'],
      ['y', '2'],
    ],
  };
  const others: Array<[string, Partial<SubgraphCall>]> = [
    ['text', { operation: makeOperation('{ other }') }],
    ['variables', { variablesJson: '{"a":2}' }],
    ['no variables', { variablesJson: undefined }],
    [
      'a header value',
      {
        headers: [
          ['x', '1'],
          ['y', '3'],
        ],
      },
    ],
    [
      'a header name',
      {
        headers: [
          ['x', '1'],
          ['z', '2'],
        ],
      },
    ],
    [
      'one header more',
      {
        headers: [
          ['x', '1'],
          ['y', '2'],
          ['y', '3'],
        ],
      },
    ],
    [
      'header values that join to the same',
      {
        headers: [
          ['x', '1,y=2'],
          ['y', ''],
        ],
      },
    ],
    ['epoch', { epoch: 1 }],
  ];
  it.each(others)('does not share when the calls differ in %s', async (_title, difference) => {
    const { client, sent } = byHand();
    const one = client.execute(makeCall(base));
    const two = client.execute(makeCall({ ...base, ...difference }));
    expect(sent).toHaveLength(2);
    sent[0]!.resolve({ data: 'one' });
    sent[1]!.resolve({ data: 'two' });
    expect((await one).data).toBe('one');
    expect((await two).data).toBe('two');
  });

  it('keeps siblings of one key apart whatever order they settle in', async () => {
    const { client, sent } = byHand();
    const epochs = [0, 1, 2, 3];
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 3, 0, 2],
      [2, 0, 3, 1],
    ]) {
      sent.length = 0;
      const first = epochs.map((epoch) => client.execute(makeCall({ epoch })));
      const second = epochs.map((epoch) => client.execute(makeCall({ epoch })));
      expect(sent).toHaveLength(4);
      for (const index of order) {
        sent[index]!.resolve({ data: index });
        expect((await first[index]!).data).toBe(index);
        expect((await second[index]!).data).toBe(index);
      }
      const again = client.execute(makeCall({ epoch: 2 }));
      expect(sent).toHaveLength(5);
      sent[4]!.resolve({});
      await again;
    }
  });

  it('never shares mutations', async () => {
    const { client, sent } = byHand();
    const call = { operation: makeOperation('mutation { a }', 'mutation') };
    const replies = [client.execute(makeCall(call)), client.execute(makeCall(call))];
    expect(sent).toHaveLength(2);
    for (const one of sent) one.resolve({});
    for (const reply of await Promise.all(replies)) expect(reply.shared).toBe(false);
  });

  it('starts anew once a flight has settled', async () => {
    const { client, sent } = byHand();
    for (let round = 0; round < 3; round++) {
      const reply = client.execute(makeCall());
      expect(sent).toHaveLength(round + 1);
      sent[round]!.resolve({ data: round });
      expect((await reply).data).toBe(round);
    }
  });

  it('a failure reaches those who wait now and nobody later', async () => {
    const { client, sent } = byHand();
    const replies = [client.execute(makeCall()), client.execute(makeCall())].map(codeOf);
    sent[0]!.reject(new Error('x'));
    expect(await Promise.all(replies)).toEqual(['SUBREQUEST_HTTP_ERROR', 'SUBREQUEST_HTTP_ERROR']);
    const later = client.execute(makeCall());
    sent[1]!.resolve({ data: 1 });
    expect((await later).data).toBe(1);
  });

  it('each waiter keeps its own lifetime; the flight ends with the last waiter only', async () => {
    const { client, sent } = byHand();
    const [leader, follower, third] = [makeCall(), makeCall({ lifetime: new Lifetime(20) }), makeCall()];
    const replies = [leader, follower, third].map((call) => codeOf(client.execute(call)));
    leader.lifetime.end('cancelled');
    expect(await replies[0]).toBe('REQUEST_CANCELLED');
    expect(await replies[1]).toBe('GATEWAY_TIMEOUT');
    expect(sent[0]!.call.lifetime.ended).toBeUndefined();
    sent[0]!.resolve({});
    expect(await replies[2]).toBe('answered');
  });

  it('aborts the flight when the last waiter leaves, and lets nobody join it after that', async () => {
    const { client, sent } = byHand();
    const calls = [makeCall(), makeCall()];
    const replies = calls.map((call) => codeOf(client.execute(call)));
    for (const call of calls) call.lifetime.end('cancelled');
    expect(sent[0]!.call.lifetime.ended).toBe('cancelled');
    const next = client.execute(makeCall());
    expect(sent).toHaveLength(2);
    sent[0]!.resolve({ data: 'late' });
    sent[1]!.resolve({ data: 'new' });
    expect(await Promise.all(replies)).toEqual(['REQUEST_CANCELLED', 'REQUEST_CANCELLED']);
    expect((await next).data).toBe('new');
  });

  it('does not send for a caller that has left already', async () => {
    const { client, sent } = byHand();
    const call = makeCall();
    call.lifetime.end('cancelled');
    expect(await codeOf(client.execute(call))).toBe('REQUEST_CANCELLED');
    expect(sent).toHaveLength(0);
  });

  it('gives set-cookie to the first caller only', async () => {
    const { client, sent } = byHand();
    const replies = [client.execute(makeCall()), client.execute(makeCall())];
    sent[0]!.resolve({ headers: { 'set-cookie': ['a=1'], 'x-other': 'o' } });
    const [leader, follower] = await Promise.all(replies);
    expect(leader!.headers).toEqual({ 'set-cookie': ['a=1'], 'x-other': 'o' });
    expect(follower!.headers).toEqual({ 'x-other': 'o' });
  });

  it('gives no set-cookie to a follower whose leader has left', async () => {
    const { client, sent } = byHand();
    const leader = makeCall();
    const replies = [codeOf(client.execute(leader)), client.execute(makeCall())] as const;
    leader.lifetime.end('cancelled');
    sent[0]!.resolve({ headers: { 'set-cookie': 'a=1' } });
    expect((await replies[1]).headers).toEqual({});
    expect(await replies[0]).toBe('REQUEST_CANCELLED');
  });

  it('around a deadline: the subgraph timeout holds for the flight, not for each waiter', async () => {
    const next = createInProcessClient({ name: 'a', answer: () => new Promise(() => {}) });
    const client = withDedupe(withDeadline(next, { timeoutMs: 30 }));
    const short = codeOf(client.execute(makeCall({ lifetime: new Lifetime(5) })));
    const long = codeOf(client.execute(makeCall()));
    expect(await short).toBe('GATEWAY_TIMEOUT');
    expect(await long).toBe('SUBGRAPH_TIMEOUT');
  });

  it('leaves no listener on the lifetimes of callers', async () => {
    const { client, sent } = byHand();
    const lifetime = new Lifetime(Infinity);
    const detached: number[] = [];
    const onEnd = lifetime.onEnd.bind(lifetime);
    let attached = 0;
    lifetime.onEnd = (listener) => {
      attached++;
      const detach = onEnd(listener);
      return () => {
        detached.push(1);
        detach();
      };
    };
    const replies = [client.execute(makeCall({ lifetime })), client.execute(makeCall({ lifetime }))];
    sent[0]!.resolve({});
    await Promise.all(replies);
    expect(attached).toBe(2);
    expect(detached).toHaveLength(2);
  });
});
