import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { PorticoError } from '../../src/base/errors/PorticoError.js';
import { Lifetime } from '../../src/base/kit/Lifetime.js';
import { createClients } from '../../src/upstream/createClients.js';
import type { TrafficOptions } from '../../src/upstream/createClients.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../src/upstream/SubgraphClient.js';
import { httpAnswer, startChaosUpstream } from '../support/chaosUpstream.js';
import type { ChaosScript, ChaosUpstream } from '../support/chaosUpstream.js';
import { makeCall, makeOperation } from '../support/subgraphCall.js';

const OK = '{"data":{"ok":true}}';
const CAP = 1_000_000;

let upstream: ChaosUpstream;
const clients: SubgraphClient[] = [];

beforeAll(async () => {
  upstream = await startChaosUpstream(() => {});
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(() => upstream.close());

function clientOf(options: Partial<TrafficOptions> = {}, url = upstream.url): SubgraphClient {
  const all = { maxResponseBytes: CAP, timeoutMs: 5000, ...options };
  const client = createClients([{ name: 'chaos', url }], { all }).get('chaos')!;
  clients.push(client);
  return client;
}

/** The error of a call that must fail; its client message must not name anything of ours. */
async function failureOf(reply: Promise<SubgraphReply>): Promise<PorticoError> {
  const error = await reply.then(
    (answered) => expect.fail(`answered ${JSON.stringify(answered)}`),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(PorticoError);
  expect((error as PorticoError).clientMessage).not.toMatch(/chaos|127\.0|localhost|ECONN|ENOTFOUND|\d{4}/);
  return error as PorticoError;
}

function ask(
  script: ChaosScript,
  options?: Partial<TrafficOptions>,
  call?: Partial<SubgraphCall>,
): Promise<SubgraphReply> {
  upstream.answerWith(script);
  return clientOf(options).execute(makeCall(call));
}

const sending =
  (bytes: string | Buffer): ChaosScript =>
  ({ end }) =>
    end(bytes);

describe('an answer that cannot be used is one coded error', () => {
  const chunked = (body: string): string =>
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${body}`;
  const html = { headers: { 'content-type': 'text/html' } };
  const gzip = { headers: { 'content-encoding': 'gzip' } };

  const malformed: Array<[title: string, bytes: string | Buffer]> = [
    ['WIRE-01 JSON cut in the middle, length right', httpAnswer('{"data":{"ok":tr')],
    ['WIRE-05 text/html', httpAnswer('<html>', html)],
    ['WIRE-05 text/html with valid JSON in it', httpAnswer(OK, html)],
    ['WIRE-05 text/plain with valid JSON in it', httpAnswer(OK, { headers: { 'content-type': 'text/plain' } })],
    ['WIRE-05 charset utf-16', httpAnswer(OK, { headers: { 'content-type': 'application/json; charset=utf-16' } })],
    ['WIRE-05 two content types', httpAnswer(OK, { headers: { 'content-type': ['application/json', 'text/html'] } })],
    ['WIRE-05 no content type and no JSON', httpAnswer('<html>', { headers: { 'content-type': undefined } })],
    ['WIRE-08 204', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['WIRE-08 205', httpAnswer('', { status: 205 })],
    ['WIRE-08 200 with an empty body', httpAnswer('')],
    ['WIRE-09 a length over the ceiling', httpAnswer('{', { headers: { 'content-length': '100000000' } })],
    ['WIRE-11 gzip that is not gzip', httpAnswer(OK, gzip)],
    ['WIRE-11 truncated gzip', httpAnswer(gzipSync(OK).subarray(0, 20), gzip)],
    ['WIRE-11 gzip bomb', httpAnswer(gzipSync(Buffer.alloc(50_000_000, ' ')), gzip)],
    [
      'WIRE-11 br bomb',
      httpAnswer(brotliCompressSync(Buffer.alloc(50_000_000, ' ')), { headers: { 'content-encoding': 'br' } }),
    ],
    ['WIRE-11 two layers', httpAnswer(gzipSync(gzipSync(OK)), { headers: { 'content-encoding': 'gzip, gzip' } })],
    [
      'WIRE-11 two layers in two headers',
      httpAnswer(gzipSync(gzipSync(OK)), { headers: { 'content-encoding': ['gzip', 'gzip'] } }),
    ],
    ['WIRE-11 a thousand layers', httpAnswer('x', { headers: { 'content-encoding': 'gzip,'.repeat(1000) + 'gzip' } })],
    ['WIRE-11 an unknown coding', httpAnswer(OK, { headers: { 'content-encoding': 'constructor' } })],
    ['WIRE-15 UTF-16 with its mark', httpAnswer(Buffer.from('\ufeff' + OK, 'utf16le'))],
    ['WIRE-15 a raw NUL in a string', httpAnswer('{"data":{"a":"\0"}}')],
    ['WIRE-16 garbage after the JSON', httpAnswer(`${OK} x`)],
    ['WIRE-16 NDJSON', httpAnswer(`${OK}\n${OK}\n`)],
    ['WIRE-16 JSON5', httpAnswer("{data:{'ok':true,}}")],
    ['WIRE-16 NaN', httpAnswer('{"data":NaN}')],
    ['WIRE-16 nested 400,000 deep', httpAnswer(`{"data":${'['.repeat(400_000)}${']'.repeat(400_000)}}`)],
    ...['{}', '[]', '"x"', '42', 'null', '[{"data":{}}]', '{"toString":1}'].map((body): [string, Buffer] => [
      `SHAPE-01 ${body}`,
      httpAnswer(body),
    ]),
  ];
  it.each(malformed)('%s: SUBREQUEST_MALFORMED_RESPONSE', async (_title, bytes) => {
    const error = await failureOf(ask(sending(bytes)));
    expect(error).toMatchObject({ code: 'SUBREQUEST_MALFORMED_RESPONSE', details: { subgraph: 'chaos' } });
  });

  const transport: Array<[title: string, script: ChaosScript, reason: string]> = [
    [
      'WIRE-02 a length larger than sent, then FIN',
      sending(httpAnswer('{"data":', { headers: { 'content-length': '500' } })),
      'reset',
    ],
    [
      'WIRE-02 a length larger than sent, then RST',
      async ({ write, reset }) => {
        await write(httpAnswer('{"data":', { headers: { 'content-length': '500' } }));
        reset();
      },
      'reset',
    ],
    ['WIRE-02 chunked without its end, then FIN', sending(chunked('5\r\n{"dat\r\n')), 'reset'],
    ['WIRE-02 closed without a byte', sending(''), 'reset'],
    ['WIRE-02 reset without a byte', ({ reset }) => reset(), 'reset'],
    ['WIRE-08 100-continue storm', sending('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)), 'reset'],
    ['WIRE-08 101', sending('HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'), 'reset'],
    ['WIRE-08 a flood of 103', sending('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'.repeat(100_000)), 'other'],
    ['WIRE-08 304', sending('HTTP/1.1 304 Not Modified\r\n\r\n'), 'status'],
    ['no HTTP at all', sending('SSH-2.0-OpenSSH_9.6\r\n'), 'protocol'],
    ['two lengths that differ', sending(httpAnswer(OK, { headers: { 'content-length': ['20', '21'] } })), 'truncated'],
    ['a header block over 16 KiB', sending(httpAnswer(OK, { headers: { big: 'x'.repeat(20_000) } })), 'protocol'],
    ['a chunk size that overflows', sending(chunked('ffffffffffffffffff\r\n')), 'protocol'],
    ['WIRE-06 500 with HTML', sending(httpAnswer('<html>', { status: 500, ...html })), 'status'],
    ['WIRE-06 502 with JSON that is not GraphQL', sending(httpAnswer('{"message":"bad"}', { status: 502 })), 'status'],
    ['WIRE-06 503 with an empty body', sending(httpAnswer('', { status: 503 })), 'status'],
    ['WIRE-07 401', sending(httpAnswer('', { status: 401 })), 'status'],
    ['WIRE-07 403', sending(httpAnswer('no', { status: 403, ...html })), 'status'],
    ['WIRE-07 429', sending(httpAnswer('', { status: 429, headers: { 'retry-after': '7' } })), 'status'],
  ];
  it.each(transport)('%s: SUBREQUEST_HTTP_ERROR, asked once', async (_title, script, reason) => {
    const before = upstream.requests.length;
    const error = await failureOf(ask(script));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { subgraph: 'chaos', reason } });
    expect(upstream.requests.length - before).toBe(1);
  });

  it('WIRE-07 tells the status and Retry-After to the rooms that decide on retries', async () => {
    const error = await failureOf(ask(sending(httpAnswer('', { status: 429, headers: { 'retry-after': '7' } }))));
    expect(error.details).toMatchObject({ status: 429, retryAfter: '7' });
  });
});

describe('an answer that can be used is used', () => {
  const replies: Array<[title: string, bytes: string | Buffer, reply: Partial<SubgraphReply>]> = [
    [
      'no content type',
      httpAnswer(OK, { headers: { 'content-type': undefined } }),
      { data: { ok: true }, status: 200 },
    ],
    [
      'application/graphql-response+json with a quoted charset',
      httpAnswer(OK, { headers: { 'content-type': 'Application/GraphQL-Response+JSON ; Charset="UTF-8"' } }),
      { data: { ok: true } },
    ],
    ['chunked in single bytes', chunkedBytes(OK), { data: { ok: true } }],
    ['until the end of the connection', 'HTTP/1.1 200 OK\r\n\r\n' + OK, { data: { ok: true } }],
    ['after early hints', 'HTTP/1.1 103 Early Hints\r\n\r\n' + httpAnswer(OK).toString(), { data: { ok: true } }],
    [
      'WIRE-06 503 with a GraphQL body',
      httpAnswer('{"data":null,"errors":[{"message":"m"}]}', { status: 503 }),
      { data: null, errors: [{ message: 'm' }], status: 503 },
    ],
    [
      '400 with errors only',
      httpAnswer('{"errors":[{"message":"m"}]}', { status: 400 }),
      { data: undefined, status: 400 },
    ],
    ['gzip', httpAnswer(gzipSync(OK), { headers: { 'content-encoding': 'gzip' } }), { data: { ok: true } }],
    ['br', httpAnswer(brotliCompressSync(OK), { headers: { 'content-encoding': 'BR' } }), { data: { ok: true } }],
    ['deflate', httpAnswer(deflateSync(OK), { headers: { 'content-encoding': 'deflate' } }), { data: { ok: true } }],
    [
      'bare deflate',
      httpAnswer(deflateRawSync(OK), { headers: { 'content-encoding': 'deflate' } }),
      { data: { ok: true } },
    ],
    ['identity', httpAnswer(OK, { headers: { 'content-encoding': 'identity' } }), { data: { ok: true } }],
    ['WIRE-15 a UTF-8 mark', httpAnswer('\ufeff' + OK), { data: { ok: true } }],
    [
      'WIRE-15 invalid and overlong UTF-8, replaced within its own field',
      httpAnswer(Buffer.from('{"data":{"a":"x\xffy","b":"\xc0\xaf","c":"ok"}}', 'latin1')),
      { data: { a: 'x\ufffdy', b: '\ufffd\ufffd', c: 'ok' } },
    ],
    ['WIRE-16 duplicate keys: the last', httpAnswer('{"data":{"a":1},"data":{"a":2}}'), { data: { a: 2 } }],
    ['integers beyond 2^53', httpAnswer('{"data":{"a":9007199254740993}}'), { data: { a: 9007199254740993n } }],
    ['errors and extensions as they came', httpAnswer('{"errors":{},"extensions":1}'), { errors: {}, extensions: 1 }],
  ];
  it.each(replies)('%s', async (_title, bytes, reply) => {
    expect(await ask(sending(bytes))).toMatchObject({ ...reply, shared: false });
  });

  it('WIRE-16 keeps a __proto__ key an own key, in the body and in the headers', async () => {
    const reply = await ask(
      sending(httpAnswer('{"data":{"__proto__":{"isAdmin":true}}}', { headers: { ['__proto__']: ['a', 'b'] } })),
    );
    expect(Object.keys(reply.data as object)).toEqual(['__proto__']);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(Object.getPrototypeOf(reply.data)).toBe(Object.prototype);
  });

  it('WIRE-16 reads a million keys', async () => {
    const keys = Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":0`).join(',');
    const reply = await ask(sending(httpAnswer(`{"data":{${keys}}}`)), { maxResponseBytes: 20_000_000 });
    expect(Object.keys(reply.data as object)).toHaveLength(1_000_000);
  });

  function chunkedBytes(body: string): string {
    const chunks = [...body].map((one) => `1\r\n${one}\r\n`).join('');
    return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`;
  }
});

describe('what is sent', () => {
  it('is one POST with the operation, the variables and the headers of the call', async () => {
    await ask(
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
    const { head, body } = upstream.requests.at(-1)!;
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
    expect(await ask(sending(httpAnswer(OK)), {}, { headers })).toMatchObject({ data: { ok: true } });
    expect(upstream.requests.at(-1)!.head).not.toMatch(/: 7\r/);
  });

  it.each(['a\r\nx-admin: 1', 'a\nb', 'a\0b', 'a\u010d\u010ax: y', '\u007f'])(
    'NET-03 refuses the call for the header value %j, and sends nothing',
    async (value) => {
      const before = upstream.requests.length;
      const error = await failureOf(ask(sending(httpAnswer(OK)), {}, { headers: [['x-tenant', value]] }));
      expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { reason: 'unsendable' } });
      expect(upstream.requests.length).toBe(before);
    },
  );

  it.each([301, 302, 307, 308])('NET-09 does not follow a %i', async (status) => {
    const trap = await startChaosUpstream(sending(httpAnswer(OK)));
    const before = upstream.requests.length;
    for (const location of [trap.url, upstream.url, 'http://169.254.169.254/']) {
      const error = await failureOf(
        ask(
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
    expect(upstream.requests.length - before).toBe(3);
    await trap.close();
  });
});

describe('no connection', () => {
  it('WIRE-04 refused', async () => {
    const gone = await startChaosUpstream(() => {});
    await gone.close();
    const error = await failureOf(clientOf({}, gone.url).execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { reason: 'refused' } });
  });

  it('WIRE-04 a name that does not exist', async () => {
    const error = await failureOf(clientOf({}, 'http://subgraph.invalid/graphql').execute(makeCall()));
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
    const client = clientOf({ connectTimeoutMs: 150 }, silent.url.replace('http', 'https'));
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
    const error = await failureOf(clientOf({}, plain.url.replace('http', 'https')).execute(makeCall()));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR' });
    await plain.close();
  });
});

describe('time and size have ceilings', () => {
  it('WIRE-09 cuts an endless chunked body at the ceiling and destroys the socket', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024, ' ');
    let done: Promise<void> = Promise.resolve();
    const error = await failureOf(
      ask(({ write, closed }) => {
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
      ask(
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
      ask(
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
    const error = await failureOf(ask(() => {}, { timeoutMs: 5000 }, { lifetime: new Lifetime(100) }));
    expect(error.code).toBe('GATEWAY_TIMEOUT');
  });

  it.each([true, false])('TIME-04 a caller that leaves closes the upstream socket (dedupe: %s)', async (dedupe) => {
    const call = makeCall();
    let done: Promise<void> = Promise.resolve();
    const arrived = new Promise<void>((resolve) =>
      upstream.answerWith(({ closed }) => {
        done = closed;
        resolve();
      }),
    );
    const reply = failureOf(clientOf({ dedupe }).execute(call));
    await arrived;
    call.lifetime.end('cancelled');
    expect((await reply).code).toBe('REQUEST_CANCELLED');
    await done;
  });

  it('TIME-06 a late answer is dropped, and the next call is served', async () => {
    upstream.answerWith(async ({ request, end }) => {
      if (request.body.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 250));
      end(httpAnswer(OK));
    });
    const client = clientOf({ timeoutMs: 100 });
    expect((await failureOf(client.execute(makeCall({ operation: makeOperation('{ slow }') })))).code).toBe(
      'SUBGRAPH_TIMEOUT',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await client.execute(makeCall())).toMatchObject({ data: { ok: true } });
  });

  it('TIME-07 a deadline on one call leaves the others alone', async () => {
    upstream.answerWith(async ({ request, end }) => {
      if (request.body.includes('hang')) return;
      await new Promise((resolve) => setTimeout(resolve, 250));
      end(httpAnswer(OK));
    });
    const client = clientOf({ timeoutMs: 2000 });
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
    const client = clientOf({ connections: 1 }, fresh.url);
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
      upstream.answerWith(({ closed }) => {
        done = closed;
        resolve();
      }),
    );
    const client = clientOf();
    const reply = failureOf(client.execute(makeCall()));
    await arrived;
    await client.close();
    expect(await reply).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { reason: 'closed' } });
    await done;
    expect((await failureOf(client.execute(makeCall()))).details['reason']).toBe('closed');
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
    const client = clientOf({ connections: 1 }, fresh.url);
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
    const fresh = await startChaosUpstream(async (exchange) => {
      const { connection, body } = exchange.request;
      if (body.includes('warm')) {
        used.add(connection);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return void exchange.write(httpAnswer(OK));
      }
      resets++;
      exchange.reset();
    });
    const client = clientOf({ connections: 3, dedupe: false }, fresh.url);
    const warm = (): Promise<SubgraphReply> => client.execute(makeCall({ operation: makeOperation('{ warm }') }));
    await Promise.all([warm(), warm(), warm()]);
    expect(used.size).toBe(3);
    expect((await failureOf(client.execute(makeCall()))).code).toBe('SUBREQUEST_HTTP_ERROR');
    expect(resets).toBe(2);
    await fresh.close();
  });
});
