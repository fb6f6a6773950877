import { gzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startLog } from '../../src/base/telemetry/log.js';
import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import type { PorticoGateway } from '../../src/gateway/createGateway.js';
import { httpAnswer, startChaosUpstream } from '../support/chaosUpstream.js';
import type { ChaosScript, ChaosUpstream } from '../support/chaosUpstream.js';
import { sending } from '../support/faultBench.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { rawHttp } from '../support/rawHttp.js';
import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

const id = { id: '1' };
/** Two healthy subgraphs, and `chaos` between them. From `product` to `end` it takes six calls, one after the other. */
const subgraphs = {
  products: {
    typeDefs: `
      type Query { product: Product }
      type Product @key(fields: "id") {
        id: ID!
        name: String
      }
      type Second @key(fields: "id") { id: ID! third: Third }
      type Third @key(fields: "id", resolvable: false) { id: ID! }
      type Fourth @key(fields: "id") { id: ID! fifth: Fifth }
      type Fifth @key(fields: "id", resolvable: false) { id: ID! }
    `,
    resolvers: {
      Query: { product: () => ({ ...id, name: 'Table' }) },
      Second: { third: () => id },
      Fourth: { fifth: () => id },
    },
  },
  chaos: {
    typeDefs: `
      type Mutation { pay: Boolean }
      type Product @key(fields: "id") {
        id: ID!
        mood(n: Int): String
        second: Second
      }
      type Second @key(fields: "id", resolvable: false) { id: ID! }
      type Third @key(fields: "id") { id: ID! fourth: Fourth }
      type Fourth @key(fields: "id", resolvable: false) { id: ID! }
      type Fifth @key(fields: "id") { id: ID! end: String }
    `,
    resolvers: {
      Mutation: { pay: () => true },
      Product: { mood: () => 'fine', second: () => id },
      Third: { fourth: () => id },
      Fifth: { end: () => 'end' },
    },
  },
  accounts: {
    typeDefs: 'type Query { me: User } type User @key(fields: "id") { id: ID! name: String }',
    resolvers: { Query: { me: () => ({ ...id, name: 'Ada' }) } },
  },
};

const spanning = { query: '{ product { name mood } me { name } }' };
const OLD = { product: { name: 'Table', mood: null }, me: { name: 'Ada' } };
const WHOLE = { product: { name: 'Table', mood: 'fine' }, me: { name: 'Ada' } };
const LEAKS = /127\.0|localhost|ECONN|ENOTFOUND|chaos|\.ts:|node_modules|<html|secret/;

let servers: GraphServers;
let chaos: ChaosUpstream;
beforeAll(async () => {
  servers = await startGraphServers(subgraphs);
  chaos = await startChaosUpstream(() => {});
});
afterAll(async () => {
  await chaos.close();
  await servers.close();
});

/** What the subgraph would say, after a while. */
function honest(afterMs = 0): ChaosScript {
  return async ({ request, end }) => {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const response = await fetch(servers.urls['chaos']!, { method: 'POST', body: request.body });
    end(httpAnswer(await response.text()));
  };
}

function gatewayWith(options: GatewayOptions): PorticoGateway {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const { supergraphSdl } = servers;
  const place = { chaos: { url: chaos.url } };
  return createInlineGateway({ supergraphSdl, logger, subgraphs: place, ...options });
}

describe('a subgraph that fails, through a whole gateway', { timeout: 60_000 }, () => {
  let edge: Edge;
  /** The same gateway for requests that have little time. */
  let hasty: Edge;
  beforeAll(async () => {
    const gateway = gatewayWith({
      trafficShaping: {
        all: { circuitBreaker: { enabled: false }, retry: { maxAttempts: 1 } },
        subgraphs: { chaos: { timeout: '1s', concurrency: { max: 2, queue: 1 }, maxResponseSize: '1MB' } },
      },
    });
    edge = await startEdge({ gateway });
    hasty = await startEdge({ gateway, deadlineMs: 900 });
    chaos.answerWith(honest());
    expect((await edge.post(spanning)).json).toEqual({ data: WHOLE });
  }, 60_000);
  afterAll(async () => {
    await hasty.close();
    await edge.close();
  });

  const html = { headers: { 'content-type': 'text/html' } };
  const gzip = { headers: { 'content-encoding': 'gzip' } };
  const faults: Array<[title: string, code: string, script: ChaosScript]> = [
    ['WIRE-01 JSON cut in the middle', 'SUBREQUEST_MALFORMED_RESPONSE', sending(httpAnswer('{"data":{"_ent'))],
    [
      'WIRE-02 less than its length',
      'SUBREQUEST_HTTP_ERROR',
      sending(httpAnswer('{', { headers: { 'content-length': '99' } })),
    ],
    ['WIRE-02 a reset', 'SUBREQUEST_HTTP_ERROR', ({ reset }) => reset()],
    ['WIRE-05 a page', 'SUBREQUEST_MALFORMED_RESPONSE', sending(httpAnswer('<html>secret', html))],
    ['WIRE-06 500 with a page', 'SUBREQUEST_HTTP_ERROR', sending(httpAnswer('<html>', { status: 500, ...html }))],
    ['WIRE-07 401', 'SUBREQUEST_HTTP_ERROR', sending(httpAnswer('', { status: 401 }))],
    ['WIRE-07 403', 'SUBREQUEST_HTTP_ERROR', sending(httpAnswer('', { status: 403 }))],
    ['WIRE-07 429', 'SUBREQUEST_HTTP_ERROR', sending(httpAnswer('', { status: 429, headers: { 'retry-after': '1' } }))],
    ['WIRE-08 204', 'SUBREQUEST_MALFORMED_RESPONSE', sending('HTTP/1.1 204 No Content\r\n\r\n')],
    [
      'WIRE-09 more than the ceiling',
      'SUBREQUEST_MALFORMED_RESPONSE',
      sending(httpAnswer(`{"data":"${'x'.repeat(2_000_000)}"}`)),
    ],
    [
      'WIRE-11 a gzip bomb',
      'SUBREQUEST_MALFORMED_RESPONSE',
      sending(httpAnswer(gzipSync(Buffer.alloc(20_000_000, ' ')), gzip)),
    ],
    [
      'TIME-01, WIRE-12 a head and nothing more',
      'SUBGRAPH_TIMEOUT',
      ({ write }) => void write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'),
    ],
    ['TIME-01 nothing', 'SUBGRAPH_TIMEOUT', () => {}],
    [
      'NET-09 somewhere else',
      'SUBREQUEST_HTTP_ERROR',
      sending(httpAnswer('', { status: 302, headers: { location: 'http://169.254.169.254/' } })),
    ],
  ];
  it.each(faults)('%s: its fields are null with %s, the others are there', async (_title, code, script) => {
    chaos.answerWith(script);
    const [{ status, json, text }, canary] = await Promise.all([
      edge.post(spanning),
      edge.post({ query: '{ me { name } }' }),
    ]);
    expect(status).toBe(200);
    expect(json.data).toEqual(OLD);
    expect(json.errors).toHaveLength(1);
    expect(json.errors![0]).toMatchObject({ path: ['product', 'mood'], extensions: { code } });
    expect(text).not.toMatch(LEAKS);
    expect(canary.json).toEqual({ data: { me: { name: 'Ada' } } });
  });

  it('a mutation that times out may have been executed: nothing says that it was not asked', async () => {
    chaos.answerWith(() => {});
    const { json } = await edge.post({ query: 'mutation { pay }' });
    expect(json.errors![0]!.extensions['code']).toBe('SUBGRAPH_TIMEOUT');
    expect(json.errors![0]!.message).not.toContain('not asked');
  });

  it('TIME-02 calls one after the other never take longer than the request, and the rest is not sent', async () => {
    chaos.answerWith(honest(600));
    const { length } = chaos.requests;
    const query = '{ product { second { third { fourth { fifth { end } } } } } }';
    const { status, json } = await hasty.post({ query });
    expect(status).toBe(504);
    expect(json.errors![0]!.extensions['code']).toBe('GATEWAY_TIMEOUT');
    // The second of them would have ended after 1200 ms; the third has never begun.
    expect(chaos.requests.length - length).toBeLessThanOrEqual(2);
    chaos.answerWith(honest());
    expect((await edge.post({ query })).json).toEqual({
      data: { product: { second: { third: { fourth: { fifth: { end: 'end' } } } } } },
    });
  });

  it('TIME-09 no subgraph is told how much time is left: docs/traffic.md says so', async () => {
    chaos.answerWith(honest());
    await edge.post(spanning);
    const names = chaos.requests.at(-1)!.head.split('\r\n').slice(1);
    expect(names.map((line) => line.split(':')[0]!.toLowerCase()).sort()).toEqual(
      ['accept', 'connection', 'content-length', 'content-type', 'host', 'x-request-id'].sort(),
    );
  });

  it('CB-09 slow answers fill its places and no others: what comes too much is refused at once', async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const arrived: string[] = [];
    chaos.answerWith(async (exchange) => {
      arrived.push(exchange.request.body);
      await Promise.race([released, exchange.closed]);
      await honest()(exchange);
    });
    const query = 'query ($n: Int) { product { name mood(n: $n) } me { name } }';
    const asked = Array.from({ length: 8 }, (_, n) => edge.post({ query, variables: { n } }));
    // The refused are answered while the others still wait.
    const refused = await Promise.race([...asked, Promise.any(asked)]);
    expect(refused.json.data).toEqual(OLD);
    expect(refused.json.errors![0]!.extensions['code']).toBe('OVERLOADED');
    expect(arrived.length).toBeLessThanOrEqual(2);
    release();
    const answers = await Promise.all(asked);
    for (const { json } of answers)
      expect(json.data).toMatchObject({ product: { name: 'Table' }, me: { name: 'Ada' } });
    const whole = answers.filter(({ json }) => json.errors === undefined);
    expect(whole.length).toBeGreaterThanOrEqual(2);
    expect(whole.length).toBeLessThanOrEqual(3);
  });
});

describe('a breaker, through a whole gateway', { timeout: 60_000 }, () => {
  let edge: Edge;
  const lines: string[] = [];
  let stopLog: () => Promise<void>;
  beforeAll(async () => {
    const log = startLog({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    stopLog = () => log.close();
    const gateway = gatewayWith({
      headers: { all: { request: [{ propagate: { matching: '.*' } }] } },
      trafficShaping: {
        subgraphs: {
          chaos: { retry: { maxAttempts: 1 }, circuitBreaker: { volumeThreshold: 3, resetTimeout: '1s' } },
        },
      },
    });
    edge = await startEdge({ gateway });
    chaos.answerWith(honest());
    expect((await edge.post(spanning)).json).toEqual({ data: WHOLE });
  }, 60_000);
  afterAll(async () => {
    await edge.close();
    await stopLog();
  });
  afterEach(() => chaos.answerWith(honest()));

  it('CB-01, CB-10, CB-12, CB-13 opens, says so once, tells of a mutation that it was not sent, and closes again', async () => {
    chaos.answerWith(sending(httpAnswer('', { status: 503 })));
    let code: unknown;
    for (let asked = 0; asked < 10 && code !== 'SUBGRAPH_CIRCUIT_OPEN'; asked++)
      code = (await edge.post(spanning)).json.errors![0]!.extensions['code'];
    expect(code).toBe('SUBGRAPH_CIRCUIT_OPEN');
    const { length } = chaos.requests;
    const { status, json, text } = await edge.post({ query: 'mutation { pay }' });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      data: { pay: null },
      errors: [
        {
          path: ['pay'],
          message: 'A service is temporarily unavailable and was not asked',
          extensions: { code: 'SUBGRAPH_CIRCUIT_OPEN' },
        },
      ],
    });
    expect(text).not.toMatch(LEAKS);
    expect((await edge.post(spanning)).json.data).toEqual(OLD);
    expect(chaos.requests.length).toBe(length);

    const transitions = () =>
      lines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ message }) => message === 'A circuit breaker has changed its state');
    expect(transitions().map(({ level, subgraph, from, to }) => [level, subgraph, from, to])).toEqual([
      ['warn', 'chaos', 'closed', 'open'],
    ]);
    chaos.answerWith(honest());
    await expect.poll(async () => (await edge.post(spanning)).json, { timeout: 20_000 }).toEqual({ data: WHOLE });
    await expect.poll(() => transitions().map(({ to }) => to), { timeout: 20_000 }).toContain('half_open');
  });

  it('NET-03, NET-07 with everything forwarded, one request stays one, and the connection is the gateway’s', async () => {
    const { length } = chaos.requests;
    const body = JSON.stringify({ query: '{ product { mood } }' });
    const head = [
      'POST /graphql HTTP/1.1',
      'Host: gateway.example',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close, X-Listed',
      'Keep-Alive: timeout=99',
      'X-Listed: hop',
      'Upgrade: h2c',
      'TE: trailers',
      'Proxy-Authorization: Basic c2VjcmV0',
      'X-Encoded: a%0d%0aX-Smuggled: 1',
      'X-Latin: a\u010d\u010aX-Smuggled: 1',
      'X-Plain: yes',
    ].join('\r\n');
    const answer = await rawHttp(edge.url, `${head}\r\n\r\n${body}`);
    expect(answer).toContain('"mood":"fine"');
    expect(chaos.requests.length - length).toBe(1);
    const received = chaos.requests.at(-1)!.head;
    expect(received).toMatch(/^x-plain: yes$/im);
    expect(received).toMatch(/^x-encoded: a%0d%0aX-Smuggled: 1$/im);
    expect(received).not.toMatch(/^x-smuggled/im);
    expect(received).not.toMatch(/^(x-listed|keep-alive|upgrade|te|proxy-authorization|transfer-encoding):/im);
    expect(received.match(/^(host|content-length|connection):/gim)).toHaveLength(3);
    expect(received).toContain(`host: 127.0.0.1:${chaos.port}`);
  });

  it('NET-13 no client says where a subgraph is called', async () => {
    const { length } = chaos.requests;
    const elsewhere = 'http://127.0.0.1:1/graphql';
    const names = [
      'x-forwarded-host',
      'x-original-url',
      'x-rewrite-url',
      'x-subgraph-url',
      'x-override-subgraph-url',
      'location',
    ];
    const headers = Object.fromEntries(names.map((name) => [name, elsewhere]));
    const url = { subgraphs: { chaos: { url: elsewhere } }, url: elsewhere };
    const query = '{ product { mood } }';
    const { json } = await edge.post({ query, extensions: url, variables: url }, headers);
    expect(json).toEqual({ data: { product: { mood: 'fine' } } });
    expect(chaos.requests.length - length).toBe(1);
    expect(chaos.requests.at(-1)!.head).toMatch(
      new RegExp(`^POST \\S* HTTP/1.1\\r\\nhost: 127.0.0.1:${chaos.port}\\r\\n`, 'i'),
    );
  });

  it('NET-03 a raw control character in a header is refused, and nothing is sent', async () => {
    const { length } = chaos.requests;
    const answer = await rawHttp(
      edge.url,
      'GET /graphql?query={product{mood}} HTTP/1.1\r\nHost: a\r\nApollo-Require-Preflight: 1\r\nX-Bad: a\u0001b\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(chaos.requests.length).toBe(length);
  });
});
