import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { Lifetime } from '../../src/base/kit/Lifetime.js';
import { httpAnswer, startChaosUpstream } from '../support/chaosUpstream.js';
import { failureOf, OK, startFaultBench } from '../support/faultBench.js';
import type { FaultBench } from '../support/faultBench.js';
import { makeCall, makeOperation } from '../support/subgraphCall.js';

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench();
});
afterEach(() => bench.closeClients());
afterAll(() => bench.close());

describe('time and size have ceilings', () => {
  it('WIRE-09 cuts an endless chunked body at the ceiling and destroys the socket', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024, ' ');
    let done: Promise<void> = Promise.resolve();
    const error = await failureOf(
      bench.ask(({ write, closed }) => {
        done = closed;
        void (async () => {
          let open = await write(
            'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
          );
          while (open && sent < 100_000_000) {
            open = await write(Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')]));
            sent += chunk.length;
          }
        })();
      }),
    );
    expect(error.code).toBe('SUBREQUEST_MALFORMED_RESPONSE');
    await done;
    expect(sent).toBeLessThan(50_000_000);
  });

  it.each([
    [
      'WIRE-12 headers, then silence',
      'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n',
    ],
    ['silence', ''],
  ])('%s: SUBGRAPH_TIMEOUT, and the socket is closed', async (_title, bytes) => {
    let done: Promise<void> = Promise.resolve();
    const error = await failureOf(
      bench.ask(
        ({ write, closed }) => {
          done = closed;
          void write(bytes);
        },
        { timeoutMs: 150 },
      ),
    );
    expect(error).toMatchObject({ code: 'SUBGRAPH_TIMEOUT', details: { subgraph: 'chaos', timeoutMs: 150 } });
    await done;
  });

  it('WIRE-13 a body that drips for ever is cut by the total deadline', async () => {
    let done: Promise<void> = Promise.resolve();
    const error = await failureOf(
      bench.ask(
        ({ write, closed }) => {
          done = closed;
          void (async () => {
            let open = await write(
              'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n["',
            );
            while (open) {
              open = await write('x');
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
          })();
        },
        { timeoutMs: 300 },
      ),
    );
    expect(error.code).toBe('SUBGRAPH_TIMEOUT');
    await done;
  });

  it('tells the request deadline from the subgraph deadline', async () => {
    const error = await failureOf(bench.ask(() => {}, { timeoutMs: 5000 }, { lifetime: new Lifetime(100) }));
    expect(error.code).toBe('GATEWAY_TIMEOUT');
  });

  it.each([true, false])('TIME-04 a caller that leaves closes the upstream socket (dedupe: %s)', async (dedupe) => {
    const call = makeCall();
    let done: Promise<void> = Promise.resolve();
    const arrived = new Promise<void>((resolve) =>
      bench.upstream.answerWith(({ closed }) => {
        done = closed;
        resolve();
      }),
    );
    const reply = failureOf(bench.clientOf({ dedupe }).execute(call));
    await arrived;
    call.lifetime.end('cancelled');
    expect((await reply).code).toBe('REQUEST_CANCELLED');
    await done;
  });

  it('TIME-06 a late answer is dropped, and the next call is served', async () => {
    let answerLate = (): void => {};
    const over = new Promise<void>((resolve) => (answerLate = resolve));
    let answered: Promise<void> = Promise.resolve();
    bench.upstream.answerWith(({ request, end }) => {
      if (!request.body.includes('slow')) return end(httpAnswer(OK));
      answered = over.then(() => end(httpAnswer(OK)));
    });
    const client = bench.clientOf({ timeoutMs: 1000 });
    expect((await failureOf(client.execute(makeCall({ operation: makeOperation('{ slow }') })))).code).toBe(
      'SUBGRAPH_TIMEOUT',
    );
    answerLate();
    await answered;
    expect(await client.execute(makeCall())).toMatchObject({ data: { ok: true } });
  });

  it('TIME-07 a deadline on one call leaves the others alone', async () => {
    bench.upstream.answerWith(async ({ request, end }) => {
      if (request.body.includes('hang')) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
      end(httpAnswer(OK));
    });
    const client = bench.clientOf({ timeoutMs: 2000 });
    const hanging = failureOf(
      client.execute(makeCall({ operation: makeOperation('{ hang }'), lifetime: new Lifetime(100) })),
    );
    const other = client.execute(makeCall({ operation: makeOperation('{ other }') }));
    expect((await hanging).code).toBe('GATEWAY_TIMEOUT');
    expect(await other).toMatchObject({ data: { ok: true } });
  });

  it('a call whose caller left while it waited for a socket is never sent, and costs no socket', async () => {
    const seen: string[] = [];
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const fresh = await startChaosUpstream(async ({ request, write }) => {
      seen.push(request.body);
      if (request.body.includes('first')) await released;
      await write(httpAnswer(OK));
    });
    const client = bench.clientOf({ connections: 1 }, fresh.url);
    const first = client.execute(makeCall({ operation: makeOperation('{ first }') }));
    const second = makeCall({ operation: makeOperation('{ second }') });
    const left = failureOf(client.execute(second));
    second.lifetime.end('cancelled');
    expect((await left).code).toBe('REQUEST_CANCELLED');
    release();
    await first;
    await client.execute(makeCall({ operation: makeOperation('{ third }') }));
    expect(seen.map((body) => /first|second|third/.exec(body)?.[0])).toEqual(['first', 'third']);
    expect(fresh.connections).toBe(1);
    await fresh.close();
  });

  it('close aborts what is in flight', async () => {
    let done: Promise<void> = Promise.resolve();
    const arrived = new Promise<void>((resolve) =>
      bench.upstream.answerWith(({ closed }) => {
        done = closed;
        resolve();
      }),
    );
    const client = bench.clientOf();
    const reply = failureOf(client.execute(makeCall()));
    await arrived;
    await client.close();
    expect(await reply).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { reason: 'closed' } });
    await done;
    expect((await failureOf(client.execute(makeCall()))).details['reason']).toBe('closed');
  });
});
