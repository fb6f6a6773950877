import { connect } from 'node:net';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { failures, finishedRequests } from '../../src/base/telemetry/channels.js';
import type { Failure, FinishedRequest } from '../../src/base/telemetry/channels.js';
import { PorticoError } from '../../src/base/errors/PorticoError.js';
import type { GraphQLReply, GraphQLRequest } from '../../src/request/context.js';
import { fakeGateway } from '../support/fakeGateway.js';
import { rawHttp } from '../support/rawHttp.js';
import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';
import { AnswerData } from '../../src/engine/respond/AnswerData.js';

const done: GraphQLReply = { data: AnswerData.of('{"hello":"late"}'), errors: [], extensions: undefined };
let edge: Edge | undefined;
const cleanup: (() => void)[] = [];
afterEach(async () => {
  await edge?.close();
  edge = undefined;
  for (const undo of cleanup.splice(0)) undo();
});

/** An edge whose executions wait until the test says so; records the requests they got. */
async function hangingEdge(options: Parameters<typeof startEdge>[0] = {}) {
  const requests: GraphQLRequest[] = [];
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const handle = async (request: GraphQLRequest) => {
    requests.push(request);
    await released;
    return done;
  };
  edge = await startEdge({ gateway: fakeGateway({ handle }), ...options });
  return { edge, requests, release };
}

describe('the lifetime of a request', () => {
  it('ends as cancelled when the client leaves, and the line in the log says 499', async () => {
    const lines: FinishedRequest[] = [];
    cleanup.push(finishedRequests.subscribe((line) => lines.push(line)));
    const { edge, requests, release } = await hangingEdge();
    const abort = new AbortController();
    const answer = fetch(edge.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ hello }' }),
      signal: abort.signal,
    }).catch(() => 'aborted');
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    const { lifetime } = requests[0]!.context;
    expect(lifetime.ended).toBeUndefined();
    abort.abort();
    expect(await answer).toBe('aborted');
    await vi.waitFor(() => expect(lifetime.ended).toBe('cancelled'));
    await vi.waitFor(() => expect(lines.map(({ statusCode }) => statusCode)).toEqual([499]));
    release();
    expect((await edge.post({ query: '{ hello }' })).status).toBe(200);
  });

  it('is still running when the answer is written, and closed afterwards', async () => {
    const { edge, requests, release } = await hangingEdge();
    release();
    await edge.post({ query: '{ hello }' });
    const { lifetime } = requests[0]!.context;
    expect(lifetime.ended).toBeUndefined();
    expect(lifetime.remainingMs()).toBeGreaterThan(0);
  });

  it('ends at the deadline, which starts with the head of the request', async () => {
    const { edge, requests } = await hangingEdge({ deadlineMs: 150 });
    const { status, json } = await edge.post({ query: '{ hello }' });
    // The engine here never answers, so the edge does.
    expect([status, json.errors?.[0]?.extensions['code']]).toEqual([504, 'GATEWAY_TIMEOUT']);
    expect(requests[0]!.context.lifetime.ended).toBe('deadline');
  });

  it('covers the body: one that does not come is answered with 408 (CONN-02)', async () => {
    const { edge } = await hangingEdge({ deadlineMs: 150 });
    const head =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"qu';
    const answer = await rawHttp(edge.url, head);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('REQUEST_TIMEOUT');
  });

  it('has not begun while the head is coming: that has its own limit (CONN-01)', async () => {
    const { edge } = await hangingEdge({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
    const answer = await rawHttp(edge.url, 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: a');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });

  it('answers pipelined requests in order (CONN-07)', async () => {
    edge = await startEdge();
    const request = (alias: string, last = false) => {
      const body = JSON.stringify({ query: `{ ${alias}: __typename }` });
      return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${last ? 'connection: close\r\n' : ''}content-length: ${body.length}\r\n\r\n${body}`;
    };
    const answer = await rawHttp(edge.url, request('first') + request('second') + request('third', true));
    expect(answer.match(/"(first|second|third)"/g)).toEqual(['"first"', '"second"', '"third"']);
  });
});

describe('several requests on one connection', () => {
  it('are answered when what follows is no request', async () => {
    edge = await startEdge();
    const { origin } = new URL(edge.url);
    const health = 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n';
    const answer = await rawHttp(origin, `${health}GARBAGE\r\n\r\n`);
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('all end with the connection, those behind the first too, and make room for others', async () => {
    const hanging = await hangingEdge({
      overload: { maxInFlight: 3, maxEventLoopLagMs: undefined, maxHeapShare: undefined },
    });
    const request =
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 21\r\n\r\n{"query":"{ hello }"}';
    const socket = connect({ port: Number(new URL(hanging.edge.url).port), host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.write(request.repeat(3));
    await vi.waitFor(() => expect(hanging.requests).toHaveLength(3));
    socket.resetAndDestroy();
    await vi.waitFor(() =>
      expect(hanging.requests.map(({ context }) => context.lifetime.ended)).toEqual([
        'cancelled',
        'cancelled',
        'cancelled',
      ]),
    );
    hanging.release();
    expect((await hanging.edge.post({ query: '{ hello }' })).status).toBe(200);
    expect(await hanging.edge.http.close(5000)).toBe(0);
  });
});

describe('a client that ends its side of the connection after its request (CONN-09)', () => {
  const body = '{"query":"{ hello }"}';
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;

  /** Sends a request and FIN; gives the connection and what came over it by the time it closed. */
  function halfClose(edge: Edge, request: string) {
    const socket = connect({ port: Number(new URL(edge.url).port), host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', () => {});
    const received = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
    socket.once('end', () => socket.end());
    socket.end(request);
    return { socket, received, soFar: () => text };
  }

  it('gets the whole answer, after signs that it is worked on, and the connection ends', async () => {
    const { edge, requests, release } = await hangingEdge();
    const { received, soFar } = halfClose(edge, head + body);
    await vi.waitFor(() => expect(soFar().match(/HTTP\/1.1 102 Processing/g)?.length).toBeGreaterThan(1));
    expect(requests[0]!.context.lifetime.ended).toBeUndefined();
    release();
    const text = await received;
    expect(text).toContain('\r\n\r\nHTTP/1.1 200 OK\r\n');
    expect(text.trimEnd().endsWith('{"data":{"hello":"late"}}')).toBe(true);
  });

  it('and whose answer is there soon: gets that and nothing else', async () => {
    const { edge, release } = await hangingEdge();
    release();
    const { received } = halfClose(edge, head + body);
    expect(await received).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  });

  it('gets the answers to all requests that it has pipelined', async () => {
    const { edge, requests, release } = await hangingEdge();
    const { received } = halfClose(edge, head + body + head + body);
    await vi.waitFor(() => expect(requests.length).toBeGreaterThan(0));
    release();
    expect((await received).match(/"hello":"late"/g)).toHaveLength(2);
  });

  it('and is gone: the request ends as cancelled', async () => {
    const { edge, requests } = await hangingEdge();
    const { socket } = halfClose(edge, head + body);
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    expect(requests[0]!.context.lifetime.ended).toBeUndefined();
    socket.destroy();
    await vi.waitFor(() => expect(requests[0]!.context.lifetime.ended).toBe('cancelled'), { timeout: 5000 });
  });

  it('and speaks HTTP/1.0, which has no 1xx: is taken for gone', async () => {
    const { edge, requests } = await hangingEdge();
    const { received } = halfClose(edge, head.replace('HTTP/1.1', 'HTTP/1.0') + body);
    expect(await received).toBe('');
    await vi.waitFor(() => expect(requests[0]?.context.lifetime.ended).toBe('cancelled'));
  });

  it('in the middle of its request: is refused', async () => {
    const { edge } = await hangingEdge();
    const { received } = halfClose(edge, head + body.slice(0, 5));
    expect(await received).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe('draining', () => {
  it('says so by /ready, keeps /health, tells clients to leave, and finishes what runs (DRAIN-02)', async () => {
    const { edge, requests, release } = await hangingEdge();
    const running = edge.post({ query: '{ hello }' });
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    void edge.http.drain(0);
    const ready = await fetch(new URL('/ready', edge.url));
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    expect((await fetch(new URL('/health', edge.url))).status).toBe(200);
    const closing = edge.http.close(10_000);
    release();
    expect((await running).json).toEqual({ data: { hello: 'late' } });
    expect((await running).headers.get('connection')).toBe('close');
    expect(await closing).toBe(0);
  });

  it('closes idle connections at once and cuts what hangs after the grace (DRAIN-04)', async () => {
    const { edge, requests, release } = await hangingEdge();
    const { hostname, port } = new URL(edge.url);
    const idle = connect(Number(port), hostname);
    await new Promise((resolve) => idle.once('connect', resolve));
    const idleClosed = new Promise((resolve) => idle.once('close', resolve));
    idle.resume();
    const hanging = edge.post({ query: '{ hello }' }).catch(() => 'cut');
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    expect(await edge.http.close(200)).toBe(1);
    expect(await hanging).toBe('cut');
    await idleClosed;
    release();
  });
});

describe('what is published about a request', () => {
  it('is one line with its facts, from the rooms that know them', async () => {
    const lines: FinishedRequest[] = [];
    cleanup.push(finishedRequests.subscribe((line) => lines.push(line)));
    const handle = async ({ context }: GraphQLRequest) => {
      context.trace.subgraphCalls = 2;
      context.trace.slowestSubgraph = 'reviews';
      context.trace.slowestSubgraphMs = 12.3456;
      return done;
    };
    edge = await startEdge({ gateway: fakeGateway({ handle }) });
    await edge.post({ query: 'query Named { hello }' }, { 'x-request-id': 'r1', 'user-agent': 'tester' });
    const mine = () => lines.filter(({ requestId }) => requestId === 'r1');
    await vi.waitFor(() => expect(mine()).toHaveLength(1));
    expect(mine()[0]).toEqual({
      requestId: 'r1',
      method: 'POST',
      path: '/graphql',
      statusCode: 200,
      latencyMs: expect.any(Number),
      clientIp: '127.0.0.1',
      userAgent: 'tester',
      operationName: 'Named',
      operationKind: 'query',
      backendService: 'reviews',
      backendLatencyMs: 12.346,
      subgraphCalls: 2,
      sharedWith: undefined,
      errorCodes: [],
      responseBytes: '{"data":{"hello":"late"}}\n'.length,
    });
  });

  it('names the codes of its errors, also of requests that the edge refuses, and never the query string', async () => {
    const lines: FinishedRequest[] = [];
    cleanup.push(finishedRequests.subscribe((line) => lines.push(line)));
    edge = await startEdge();
    await edge.post({ query: '{ nonsense }' });
    await edge.post('{');
    await fetch(`${edge.url}?query=${encodeURIComponent('{ hello(name: "secret") }')}`);
    await fetch(new URL('/nothing?secret', edge.url));
    await vi.waitFor(() => expect(lines).toHaveLength(4));
    expect(lines.map(({ statusCode, errorCodes }) => [statusCode, ...errorCodes])).toEqual([
      [400, 'GRAPHQL_VALIDATION_FAILED'],
      [400, 'BAD_REQUEST'],
      [400, 'BAD_REQUEST'],
      [404, 'NOT_FOUND'],
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('is a failure with everything the client does not see', async () => {
    const published: Failure[] = [];
    cleanup.push(failures.subscribe((failure) => published.push(failure)));
    const error = new PorticoError('QUERY_PLANNING_FAILED', 'the planner said something internal');
    edge = await startEdge({ gateway: fakeGateway({ handle: () => Promise.reject(error) }) });
    const { text } = await edge.post({ query: '{ hello }' }, { 'x-request-id': 'r2' });
    expect(text).not.toContain('internal');
    expect(published).toEqual([{ requestId: 'r2', error }]);
  });
});
