import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { httpAnswer } from '../support/chaosUpstream.js';
import type { ChaosExchange } from '../support/chaosUpstream.js';
import { failureOf, OK, startFaultBench } from '../support/faultBench.js';
import type { FaultBench } from '../support/faultBench.js';
import { makeCall, makeOperation } from '../support/subgraphCall.js';

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench();
});
afterEach(() => bench.closeClients());
afterAll(() => bench.close());

const RETRY = { retry: { maxAttempts: 2 } };

type Act = (exchange: ChaosExchange) => void;
const FAULTS: Array<[title: string, act: Act]> = [
  ['a reset', ({ reset }) => reset()],
  ['a closed connection', ({ end }) => end()],
  ['a cut answer', ({ end }) => end(httpAnswer('{', { headers: { 'content-length': '99' } }))],
  ['503', ({ end }) => end(httpAnswer('', { status: 503 }))],
  ['503 with a GraphQL body', ({ end }) => end(httpAnswer('{"data":null}', { status: 503 }))],
];

describe('what is sent again', () => {
  const once = (act: Act): (() => number) => {
    let asked = 0;
    bench.upstream.answerWith((exchange) => (asked++ === 0 ? act(exchange) : exchange.end(httpAnswer(OK))));
    return () => asked;
  };

  it.each(FAULTS)('RETRY-01 a query after %s, once', async (_title, act) => {
    const asked = once(act);
    expect(await bench.clientOf(RETRY).execute(makeCall())).toMatchObject({ data: { ok: true } });
    expect(asked()).toBe(2);
  });

  it.each(FAULTS)('RETRY-02 no mutation, after %s', async (_title, act) => {
    const asked = once(act);
    const call = makeCall({ operation: makeOperation('mutation { pay }', 'mutation') });
    await bench
      .clientOf(RETRY)
      .execute(call)
      .then(
        (reply) => expect(reply.status).toBe(503),
        (error: unknown) => expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR' }),
      );
    expect(asked()).toBe(1);
  });

  it.each([401, 403, 429, 400, 500])('WIRE-07 nothing after %i', async (status) => {
    const asked = once(({ end }) => end(httpAnswer('', { status })));
    await failureOf(bench.clientOf(RETRY).execute(makeCall()));
    expect(asked()).toBe(1);
  });

  it('RETRY-08 a query that is told to wait for longer than it has is not sent again', async () => {
    for (const wait of ['3600', new Date(Date.now() + 3_600_000).toUTCString()]) {
      const asked = once(({ end }) => end(httpAnswer('', { status: 503, headers: { 'retry-after': wait } })));
      await failureOf(bench.clientOf(RETRY).execute(makeCall()));
      expect(asked()).toBe(1);
    }
  });

  it('RETRY-08 Retry-After is obeyed within the deadline, after 429 too', async () => {
    for (const status of [429, 503]) {
      const asked = once(({ end }) => end(httpAnswer('', { status, headers: { 'retry-after': '1' } })));
      const startedAt = performance.now();
      expect(await bench.clientOf(RETRY).execute(makeCall())).toMatchObject({ data: { ok: true } });
      expect(performance.now() - startedAt).toBeGreaterThan(990);
      expect(asked()).toBe(2);
    }
  });

  it('RETRY-06 the second attempt has what the first one left', async () => {
    let asked = 0;
    bench.upstream.answerWith(async ({ reset }) => {
      if (asked++ > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
      reset();
    });
    const error = await failureOf(bench.clientOf({ ...RETRY, timeoutMs: 1500 }).execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBGRAPH_TIMEOUT', details: { timeoutMs: 1500 } });
    expect(asked).toBe(2);
  });

  it('an attempt that hangs leaves time for another one', async () => {
    let asked = 0;
    bench.upstream.answerWith(({ end }) => {
      if (asked++ > 0) end(httpAnswer(OK));
    });
    const client = bench.clientOf({ retry: { maxAttempts: 2, attemptTimeoutMs: 1000 } });
    expect(await client.execute(makeCall())).toMatchObject({ data: { ok: true } });
    expect(asked).toBe(2);
  });
});

describe('how much', () => {
  it('RETRY-04 an upstream that always fails gets a fifth more calls, not twice as many', async () => {
    let asked = 0;
    bench.upstream.answerWith(({ end }) => {
      asked++;
      end(httpAnswer('', { status: 503 }));
    });
    const client = bench.clientOf({ ...RETRY, dedupe: false, breaker: { enabled: false } });
    for (let call = 0; call < 200; call++) await failureOf(client.execute(makeCall()));
    expect(asked).toBeGreaterThan(230);
    expect(asked).toBeLessThanOrEqual(240);
  });

  it('RETRY-07 nothing more when the breaker opens during the pause', async () => {
    let asked = 0;
    bench.upstream.answerWith(({ end }) => {
      asked++;
      end(httpAnswer('', { status: 503 }));
    });
    const client = bench.clientOf({
      retry: { maxAttempts: 5, intervalMs: 200, jitter: false, budget: { percent: 100 } },
      breaker: { volumeThreshold: 1 },
      dedupe: false,
    });
    const error = await failureOf(client.execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { status: 503 } });
    expect(asked).toBe(1);
  });
});
