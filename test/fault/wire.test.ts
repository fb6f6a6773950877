import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { SubgraphReply } from '../../src/upstream/SubgraphClient.js';
import { httpAnswer } from '../support/chaosUpstream.js';
import type { ChaosScript } from '../support/chaosUpstream.js';
import { failureOf, OK, sending, startFaultBench } from '../support/faultBench.js';
import type { FaultBench } from '../support/faultBench.js';

let bench: FaultBench;
beforeAll(async () => {
  bench = await startFaultBench();
});
afterEach(() => bench.closeClients());
afterAll(() => bench.close());

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
    ['WIRE-16 a million lists that nobody ends', httpAnswer(`{"data":${'['.repeat(999_000)}`)],
    ...['{}', '[]', '"x"', '42', 'null', '[{"data":{}}]', '{"toString":1}'].map((body): [string, Buffer] => [
      `SHAPE-01 ${body}`,
      httpAnswer(body),
    ]),
  ];
  it.each(malformed)('%s: SUBREQUEST_MALFORMED_RESPONSE', async (_title, bytes) => {
    const error = await failureOf(bench.ask(sending(bytes)));
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
    const before = bench.upstream.requests.length;
    const error = await failureOf(bench.ask(script));
    expect(error).toMatchObject({ code: 'SUBREQUEST_HTTP_ERROR', details: { subgraph: 'chaos', reason } });
    expect(bench.upstream.requests.length - before).toBe(1);
  });

  it('WIRE-07 tells the status and Retry-After to the rooms that decide on retries', async () => {
    const error = await failureOf(bench.ask(sending(httpAnswer('', { status: 429, headers: { 'retry-after': '7' } }))));
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
    expect(await bench.ask(sending(bytes))).toMatchObject({ ...reply, shared: false });
  });

  it('WIRE-16 keeps a __proto__ key an own key, in the body and in the headers', async () => {
    const reply = await bench.ask(
      sending(httpAnswer('{"data":{"__proto__":{"isAdmin":true}}}', { headers: { ['__proto__']: ['a', 'b'] } })),
    );
    expect(Object.keys(reply.data as object)).toEqual(['__proto__']);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(Object.getPrototypeOf(reply.data)).toBe(Object.prototype);
  });

  it('WIRE-16 refuses what is nested a million deep, below the ceiling of bytes', async () => {
    const bytes = httpAnswer(`{"data":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`);
    const error = await failureOf(bench.ask(sending(bytes), { maxResponseBytes: 10_000_000 }));
    expect(error.code).toBe('SUBREQUEST_MALFORMED_RESPONSE');
  });

  it('WIRE-16 reads a million keys', async () => {
    const keys = Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":0`).join(',');
    const reply = await bench.ask(sending(httpAnswer(`{"data":{${keys}}}`)), { maxResponseBytes: 20_000_000 });
    expect(Object.keys(reply.data as object)).toHaveLength(1_000_000);
  });

  function chunkedBytes(body: string): string {
    const chunks = [...body].map((one) => `1\r\n${one}\r\n`).join('');
    return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`;
  }
});
