import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { SubgraphClient, SubgraphReply } from '../../src/upstream/SubgraphClient.js';
import { httpAnswer, startChaosUpstream } from '../support/chaosUpstream.js';
import type { ChaosScript, ChaosUpstream } from '../support/chaosUpstream.js';
import { failureOf, OK, sending, startFaultBench } from '../support/faultBench.js';
import type { FaultBench } from '../support/faultBench.js';
import { makeCall, makeOperation } from '../support/subgraphCall.js';

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench();
});
afterEach(() => bench.closeClients());
afterAll(() => bench.close());

describe('what is sent', () => {
  it('is one POST with the operation, the variables and the headers of the call', async () => {
    await bench.ask(
      sending(httpAnswer(OK)),
      {},
      {
        operation: makeOperation('{ a(b: "ü") }'),
        variablesJson: '{"id":"1"}',
        headers: [
          ['x-tenant', 't'],
          ['cookie', 'a=b'],
        ],
        correlation: [['x-request-id', 'r1']],
      },
    );
    const { head, body } = bench.upstream.requests.at(-1)!;
    expect(head.split('\r\n')[0]).toBe('POST /graphql HTTP/1.1');
    expect(head).toContain('\r\nx-tenant: t\r\n');
    expect(head).toContain('\r\nx-request-id: r1');
    expect(head).toContain('\r\naccept: application/graphql-response+json');
    expect(head).not.toMatch(/accept-encoding/i);
    expect(JSON.parse(body)).toEqual({ query: '{ a(b: "ü") }', variables: { id: '1' } });
  });

  it('NET-07 never takes connection headers from a call', async () => {
    const names = [
      'connection',
      'content-length',
      'host',
      'transfer-encoding',
      'te',
      'upgrade',
      'expect',
      'accept-encoding',
    ];
    const headers = names.map((name) => [name, '7'] as const);
    expect(await bench.ask(sending(httpAnswer(OK)), {}, { headers })).toMatchObject({ data: { ok: true } });
    expect(bench.upstream.requests.at(-1)!.head).not.toMatch(/: 7\r/);
  });

  it.each(['a\r\nx-admin: 1', 'a\nb', 'a\0b', 'a\u010d\u010ax: y', '\u007f'])(
    'NET-03 refuses the call for the header value %j, and sends nothing',
    async (value) => {
      const before = bench.upstream.requests.length;
      const error = await failureOf(bench.ask(sending(httpAnswer(OK)), {}, { headers: [['x-tenant', value]] }));
      expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { reason: 'unsendable' } });
      expect(bench.upstream.requests.length).toBe(before);
    },
  );

  it.each([301, 302, 307, 308])('NET-09 does not follow a %i', async (status) => {
    const trap = await startChaosUpstream(sending(httpAnswer(OK)));
    const before = bench.upstream.requests.length;
    for (const location of [trap.url, bench.upstream.url, 'http://169.254.169.254/']) {
      const error = await failureOf(
        bench.ask(
          sending(httpAnswer(OK, { status, headers: { location } })),
          {},
          {
            headers: [['authorization', 'Bearer secret']],
          },
        ),
      );
      expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { status } });
    }
    expect(trap.connections).toBe(0);
    expect(bench.upstream.requests.length - before).toBe(3);
    await trap.close();
  });
});

describe('no connection', () => {
  it('WIRE-04 refused', async () => {
    const gone = await startChaosUpstream(() => {});
    await gone.close();
    const error = await failureOf(bench.clientOf({}, gone.url).execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { reason: 'refused' } });
  });

  it('WIRE-04 a name that does not exist', async () => {
    const error = await failureOf(bench.clientOf({}, 'http://subgraph.invalid/graphql').execute(makeCall()));
    expect(error.code).toBe('SUBREQUEST_HTTP_ERROR');
    expect(['dns', 'connect_timeout']).toContain(error.details['reason']);
  });

  it('WIRE-19 a TLS handshake that stalls ends with the connect timeout, and its socket is closed', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const silent = await startChaosUpstream(
      () => {},
      (socket) => {
        socket.resume();
        closed = new Promise((resolve) => socket.once('close', resolve));
      },
    );
    const client = bench.clientOf({ connectTimeoutMs: 150 }, silent.url.replace('http', 'https'));
    const error = await failureOf(client.execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { reason: 'connect_timeout' } });
    await closed;
    expect(silent.openSockets).toBe(0);
    await silent.close();
  });

  it('WIRE-19 plain text where TLS was expected', async () => {
    const plain = await startChaosUpstream(
      () => {},
      (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    const error = await failureOf(bench.clientOf({}, plain.url.replace('http', 'https')).execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR' });
    await plain.close();
  });
});

describe('a reused socket that breaks before the first byte', () => {
  /** Answers the first request of each connection; `onReuse` handles the rest. */
  async function reuse(onReuse: ChaosScript): Promise<{ fresh: ChaosUpstream; client: SubgraphClient }> {
    const used = new Set<number>();
    const fresh = await startChaosUpstream(async (exchange) => {
      if (used.has(exchange.request.connection)) return onReuse(exchange);
      used.add(exchange.request.connection);
      await exchange.write(httpAnswer(OK));
    });
    const client = bench.clientOf({ connections: 1 }, fresh.url);
    await client.execute(makeCall());
    return { fresh, client };
  }

  const breaks: Array<[string, ChaosScript]> = [
    ['RST', ({ reset }) => reset()],
    ['FIN', ({ end }) => end()],
  ];
  it.each(breaks)('%s: a query is sent once more, and nobody notices', async (_title, onReuse) => {
    const { fresh, client } = await reuse(onReuse);
    expect(await client.execute(makeCall())).toMatchObject({ data: { ok: true } });
    expect(fresh.requests).toHaveLength(3);
    await fresh.close();
  });

  it.each(breaks)('%s: a mutation is not', async (_title, onReuse) => {
    const { fresh, client } = await reuse(onReuse);
    const mutation = makeCall({ operation: makeOperation('mutation { pay }', 'mutation') });
    expect((await failureOf(client.execute(mutation))).code).toBe('SUBREQUEST_HTTP_ERROR');
    expect(fresh.requests).toHaveLength(2);
    await fresh.close();
  });

  it('is not repeated once a byte has come', async () => {
    const { fresh, client } = await reuse(({ end }) => end('HTTP/1.1 2'));
    expect((await failureOf(client.execute(makeCall()))).code).toBe('SUBREQUEST_HTTP_ERROR');
    expect(fresh.requests).toHaveLength(2);
    await fresh.close();
  });

  it('is repeated once only', async () => {
    let resets = 0;
    const used = new Set<number>();
    const waiting: Array<() => unknown> = [];
    const fresh = await startChaosUpstream((exchange) => {
      const { connection, body } = exchange.request;
      if (body.includes('warm')) {
        used.add(connection);
        // Answered together: a connection whose answer is there already could take the next call.
        if (waiting.push(() => exchange.write(httpAnswer(OK))) === 3) for (const answer of waiting) answer();
        return;
      }
      resets++;
      exchange.reset();
    });
    const client = bench.clientOf({ connections: 3, dedupe: false }, fresh.url);
    const warm = (): Promise<SubgraphReply> => client.execute(makeCall({ operation: makeOperation('{ warm }') }));
    await Promise.all([warm(), warm(), warm()]);
    expect(used.size).toBe(3);
    expect((await failureOf(client.execute(makeCall()))).code).toBe('SUBREQUEST_HTTP_ERROR');
    expect(resets).toBe(2);
    await fresh.close();
  });
});
