import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { Lifetime } from '../../src/base/kit/Lifetime.js';
import { createClients } from '../../src/upstream/createClients.js';
import { TrafficRegistry } from '../../src/upstream/resilience/TrafficRegistry.js';
import type { TrafficSettings } from '../../src/upstream/TrafficOptions.js';
import type { SubgraphClient } from '../../src/upstream/SubgraphClient.js';
import { httpAnswer } from '../support/chaosUpstream.js';
import type { ChaosScript } from '../support/chaosUpstream.js';
import { failureOf, OK, sending, startFaultBench } from '../support/faultBench.js';
import type { FaultBench } from '../support/faultBench.js';
import { handClock } from '../support/handClock.js';
import { makeCall, makeOperation } from '../support/subgraphCall.js';

let bench: FaultBench;
const clients: SubgraphClient[] = [];
beforeAll(async () => {
  bench = await startFaultBench();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(() => bench.close());

function connect(settings: TrafficSettings = {}) {
  const traffic = new TrafficRegistry();
  const clock = handClock();
  const all = { dedupe: false, maxResponseBytes: 1_000_000, retry: { maxAttempts: 1 }, ...settings };
  const client = createClients([{ name: 'chaos', url: bench.upstream.url }], { all, traffic, clock }).get('chaos')!;
  clients.push(client);
  return { client, clock, traffic, breaker: () => traffic.findBreaker({ subgraph: 'chaos' })! };
}

const failing = sending(httpAnswer('', { status: 503 }));

describe('a breaker in front of a subgraph', () => {
  it('CB-01 opens at twenty failed calls; the next one fails at once, with its code and no connection', async () => {
    const { client } = connect();
    bench.upstream.answerWith(failing);
    for (let call = 0; call < 20; call++) await failureOf(client.execute(makeCall()));
    const { length } = bench.upstream.requests;
    const { connections } = bench.upstream;
    const error = await failureOf(client.execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBGRAPH_CIRCUIT_OPEN', details: { subgraph: 'chaos' } });
    expect([bench.upstream.requests.length, bench.upstream.connections]).toEqual([length, connections]);
  });

  it('CB-13 tells of a mutation that it was not sent', async () => {
    const { client, breaker } = connect();
    breaker().forceOpen();
    const error = await failureOf(client.execute(makeCall({ operation: makeOperation('mutation { a }', 'mutation') })));
    expect(error.code).toBe('SUBGRAPH_CIRCUIT_OPEN');
    expect(error.message).toContain('was not sent');
  });

  it('CB-03 asks the subgraph again after its pause, three times at most, and closes', async () => {
    const { client, clock, breaker } = connect();
    bench.upstream.answerWith(failing);
    for (let call = 0; call < 20; call++) await failureOf(client.execute(makeCall()));
    bench.upstream.answerWith(sending(httpAnswer(OK)));
    clock.turn(5000);
    const { length } = bench.upstream.requests;
    const ends = await Promise.allSettled(Array.from({ length: 50 }, () => client.execute(makeCall())));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(bench.upstream.requests.length - length).toBe(3);
    expect(breaker().state).toBe('closed');
  });

  const counted: Array<[title: string, script: ChaosScript, settings?: TrafficSettings]> = [
    ['a reset', ({ reset }) => reset()],
    ['a deadline of the subgraph', () => {}, { timeoutMs: 20 }],
    ['no head of an answer in time', () => {}, { responseHeaderTimeoutMs: 20 }],
    ['500', sending(httpAnswer('{"data":null}', { status: 500 }))],
    ['503', failing],
    ['a body that is no JSON', sending(httpAnswer('<html>'))],
    ['a body that is too large', sending(httpAnswer('{', { headers: { 'content-length': '100000000' } }))],
    [
      'a chosen GraphQL error code',
      sending(httpAnswer('{"errors":[{"extensions":{"code":"DOWN"}}]}')),
      { breaker: { volumeThreshold: 3, errorCodes: ['DOWN'] } },
    ],
  ];
  it.each(counted)('CB-06 counts %s', async (_title, script, settings) => {
    const { client, breaker } = connect({ breaker: { volumeThreshold: 3 }, ...settings });
    bench.upstream.answerWith(script);
    for (let call = 0; call < 3; call++) await client.execute(makeCall()).catch(() => {});
    expect(breaker().state).toBe('open');
  });

  const passed: Array<[title: string, script: ChaosScript]> = [
    ['400', sending(httpAnswer('', { status: 400 }))],
    ['404', sending(httpAnswer('{"errors":[]}', { status: 404 }))],
    ['429', sending(httpAnswer('', { status: 429 }))],
    ['GraphQL errors in 200', sending(httpAnswer('{"errors":[{"extensions":{"code":"DOWN"}}]}'))],
    ['errors of the wrong shape', sending(httpAnswer('{"errors":[null,1,{"extensions":[]}]}'))],
  ];
  it.each(passed)('CB-06 does not count %s', async (_title, script) => {
    const { client, breaker } = connect({ breaker: { volumeThreshold: 3, errorCodes: ['OTHER'] } });
    bench.upstream.answerWith(script);
    for (let call = 0; call < 10; call++) await client.execute(makeCall()).catch(() => {});
    expect(breaker().state).toBe('closed');
  });

  it('CB-06, TIME-04 does not count callers that leave, requests without time, and refusals of its own', async () => {
    const { client, breaker } = connect({ breaker: { volumeThreshold: 1 }, concurrency: { max: 1, queue: 0 } });
    const arrived = new Promise<void>((resolve) => bench.upstream.answerWith(() => resolve()));
    const call = makeCall();
    const left = failureOf(client.execute(call));
    await arrived;
    expect((await failureOf(client.execute(makeCall()))).code).toBe('OVERLOADED');
    call.lifetime.end('cancelled');
    expect((await left).code).toBe('REQUEST_CANCELLED');
    expect((await failureOf(client.execute(makeCall({ lifetime: new Lifetime(20) })))).code).toBe('GATEWAY_TIMEOUT');
    const bad = makeCall({ headers: [['x-bad', 'a\nb']] });
    expect((await failureOf(client.execute(bad))).details['reason']).toBe('unsendable');
    expect(breaker().state).toBe('closed');
  });

  it('CB-07 leaves other subgraphs alone, and can be switched off for one', async () => {
    const traffic = new TrafficRegistry();
    const made = createClients(
      ['a', 'b', 'c'].map((name) => ({ name, url: bench.upstream.url })),
      {
        traffic,
        all: { breaker: { volumeThreshold: 2 }, retry: { maxAttempts: 1 } },
        bySubgraph: new Map([['c', { breaker: { enabled: false } }]]),
      },
    );
    clients.push(...made.values());
    bench.upstream.answerWith(failing);
    for (let call = 0; call < 5; call++) {
      await failureOf(made.get('a')!.execute(makeCall()));
      await failureOf(made.get('c')!.execute(makeCall()));
    }
    expect(traffic.breakers().map(({ scope, state }) => [scope.subgraph, state])).toEqual([
      ['a', 'open'],
      ['b', 'closed'],
    ]);
  });
});

describe('a breaker of a field', () => {
  it('opens for calls that carry the field, and they do not count for the subgraph', async () => {
    const traffic = new TrafficRegistry();
    const client = createClients([{ name: 'chaos', url: bench.upstream.url }], {
      traffic,
      coordinatesOf: ({ text }) => new Set(text.includes('search') ? ['Query.search'] : ['Query.ok']),
      all: {
        retry: { maxAttempts: 1 },
        breaker: { volumeThreshold: 3 },
        fieldBreakers: new Map([['Query.search', { volumeThreshold: 5 }]]),
      },
    }).get('chaos')!;
    clients.push(client);
    bench.upstream.answerWith(({ request, end }) =>
      end(request.body.includes('search') ? httpAnswer('', { status: 503 }) : httpAnswer(OK)),
    );
    const search = makeOperation('{ search }');
    for (let call = 0; call < 5; call++) await failureOf(client.execute(makeCall({ operation: search })));
    const error = await failureOf(client.execute(makeCall({ operation: search })));
    expect(error).toMatchObject({ code: 'SUBGRAPH_CIRCUIT_OPEN', details: { coordinate: 'Query.search' } });
    expect(await client.execute(makeCall({ operation: makeOperation('{ ok }') }))).toMatchObject({
      data: { ok: true },
    });
    expect(traffic.findBreaker({ subgraph: 'chaos' })?.state).toBe('closed');
  });
});

describe('a breaker and generations', () => {
  it('CB-14 stays open over a reload, and nothing is left after a thousand of them', async () => {
    const traffic = new TrafficRegistry();
    const build = () => createClients([{ name: 'chaos', url: bench.upstream.url }], { traffic }).get('chaos')!;
    let current = build();
    traffic.findBreaker({ subgraph: 'chaos' })!.forceOpen();
    for (let generation = 0; generation < 1000; generation++) {
      const next = build();
      await current.close();
      current = next;
    }
    expect(traffic.breakers().map(({ state }) => state)).toEqual(['forced_open']);
    await current.close();
    expect(traffic.breakers()).toEqual([]);
  });
});

describe('places', () => {
  it('SHED-02 a hundred calls run, fifty wait, the next is refused; SHED-04 all places come back', async () => {
    const { client } = connect({ timeoutMs: 9000 });
    const open: Array<() => void> = [];
    let release = false;
    bench.upstream.answerWith(({ end }) => void (release ? end(httpAnswer(OK)) : open.push(() => end(httpAnswer(OK)))));
    const calls = Array.from({ length: 150 }, () => client.execute(makeCall()));
    expect((await failureOf(client.execute(makeCall()))).code).toBe('OVERLOADED');
    await expect.poll(() => open.length, { timeout: 5000 }).toBe(100);
    release = true;
    for (const answer of open) answer();
    expect(await Promise.all(calls)).toHaveLength(150);
    expect(await Promise.all(Array.from({ length: 100 }, () => client.execute(makeCall())))).toHaveLength(100);
  });

  it('a call that waits leaves at once when its time is over, and costs no place', async () => {
    const { client } = connect({ concurrency: { max: 1, queue: 5 } });
    let answer: () => void = () => {};
    const arrived = new Promise<void>((resolve) =>
      bench.upstream.answerWith(({ end }) => {
        answer = () => end(httpAnswer(OK));
        resolve();
      }),
    );
    const first = client.execute(makeCall());
    await arrived;
    expect((await failureOf(client.execute(makeCall({ lifetime: new Lifetime(30) })))).code).toBe('GATEWAY_TIMEOUT');
    bench.upstream.answerWith(sending(httpAnswer(OK)));
    answer();
    await first;
    expect(await client.execute(makeCall())).toMatchObject({ data: { ok: true } });
  });
});
