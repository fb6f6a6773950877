import { channel } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { createGateway } from '../../src/gateway/createGateway.js';
import type { SupergraphSource } from '../../src/supergraph/sources/SupergraphSource.js';
import { composeSdl } from '../support/compose.js';
import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly query: string; readonly variables?: Record<string, unknown> };
  readonly text: string;
}

// The whole way: socket, edge, Apollo Server, engine, planner threads, HTTP to a subgraph, and back.
describe('a gateway on sockets', () => {
  let subgraph: Server;
  let edge: Edge;
  let seen: Seen[] = [];
  let aborted = 0;
  let reply: (seen: Seen, response: ServerResponse) => void;
  let update: (sdl: string) => void = () => {};
  let sdl = (_fields: string) => '';
  const connections: string[] = [];
  const fields = 'echo(text: String, json: JSON): JSON  old: Int';

  beforeAll(async () => {
    subgraph = createServer((request, response) => {
      let text = '';
      response.on('close', () => (aborted += response.writableFinished ? 0 : 1));
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const call: Seen = { headers: request.headers, body: JSON.parse(text) as Seen['body'], text };
        seen.push(call);
        response.setHeader('content-type', 'application/json');
        reply(call, response);
      });
    });
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve));
    const { port } = subgraph.address() as AddressInfo;
    sdl = (queryFields) =>
      composeSdl({
        one: `scalar JSON type Query { ${queryFields} } type Subscription { ticks: Int }`,
      }).replaceAll('http://one.test/graphql', `http://127.0.0.1:${port}/graphql`);
    channel('net.client.socket').subscribe((message) => {
      const { socket } = message as { socket: Socket };
      socket.once('connect', () => connections.push(`${socket.remoteAddress}:${socket.remotePort}`));
    });
    const source: SupergraphSource = {
      async initialize(options) {
        update = (text) => options.update(text);
        return { supergraphSdl: sdl(fields) };
      },
    };
    edge = await startEdge({
      gateway: createGateway({
        supergraphSdl: source,
        trafficShaping: { router: { timeout: '30s' }, all: { timeout: '25s' } },
      }),
      deadlineMs: 25_000,
    });
  });
  afterAll(async () => {
    await edge.close();
    subgraph.closeAllConnections();
    subgraph.close();
  });
  beforeEach(() => {
    seen = [];
    aborted = 0;
    reply = (_seen, response) => response.end('{"data":{"echo":1,"old":7}}');
  });

  it('sends the request id and no other header of the client to the subgraph (LEAK-09, RUN-10)', async () => {
    const { headers, json } = await edge.post(
      { query: '{ old }' },
      {
        'x-request-id': 'mine',
        authorization: 'secret',
        cookie: 'secret',
        'apollo-query-plan-experimental': '1',
        'apollo-federation-include-trace': 'ftv1',
      },
    );
    expect(json).toEqual({ data: { old: 7 } });
    expect(headers.get('x-request-id')).toBe('mine');
    expect(seen[0]!.headers['x-request-id']).toBe('mine');
    expect(JSON.stringify(seen[0]!.headers)).not.toMatch(/secret|experimental|ftv1/);
  });

  it('refuses subscriptions over HTTP with their code and lives on (WS-01)', async () => {
    for (const query of ['subscription { ticks }', 'subscription Named { ticks }']) {
      const { status, json } = await edge.post({ query });
      expect([status, json.errors?.[0]?.extensions['code']]).toEqual([400, 'SUBSCRIPTIONS_NOT_SUPPORTED']);
    }
    expect((await edge.post({ query: '{ old }' })).status).toBe(200);
  });

  it('refuses operations of a kind that the graph does not have: validation says nothing about them', async () => {
    const { status, json } = await edge.post({ query: 'mutation { touch }' });
    expect([status, json.errors?.[0]?.extensions['code']]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(seen).toEqual([]);
  });

  it('keeps the digits of integers, in both directions (PROTO-09)', async () => {
    reply = ({ body }, response) => {
      // The engine gives a field with arguments a name of its own.
      const name = /(\w+): ?echo/.exec(body.query)?.[1];
      response.end(`{"data":{"${name}":{"big":9007199254740993,"text":"\\ud800"}}}`);
    };
    const { text } = await edge.post(
      '{"query":"query($j: JSON) { echo(json: $j) }","variables":{"j":{"n":90071992547409931,"list":[1e3,-9007199254740993]}}}',
    );
    expect(text).toContain('"big":9007199254740993');
    expect(seen[0]!.text).toContain('90071992547409931');
    expect(seen[0]!.text).toContain('-9007199254740993');
  });

  it('keeps the digits of integers in the variables of a GET, too', async () => {
    reply = (_seen, response) => response.end('{"data":{}}');
    const url = new URL('/graphql', edge.url);
    url.searchParams.set('query', 'query($j: JSON) { echo(json: $j) }');
    url.searchParams.set('variables', '{"j":[90071992547409931,1]}');
    await fetch(url, { headers: { 'apollo-require-preflight': '1' } });
    expect(seen[0]!.text).toContain('[90071992547409931,1]');
  });

  it('never writes Infinity, and takes hostile keys as keys (PROTO-01, PROTO-09)', async () => {
    reply = (_seen, response) =>
      response.end('{"data":{"echo":{"x":1e400,"__proto__":{"polluted":true}},"constructor":1}}');
    const { text, status } = await edge.post({ query: '{ __proto__: echo constructor: old toString: __typename }' });
    expect(status).toBe(200);
    expect(text).not.toContain('Infinity');
    expect(JSON.parse(text)).toHaveProperty('data.toString', 'Query');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('aborts the subgraph call when the client leaves', async () => {
    let arrived: () => void = () => {};
    const called = new Promise<void>((resolve) => (arrived = resolve));
    reply = () => arrived();
    const abort = new AbortController();
    const answer = fetch(edge.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ left: old }' }),
      signal: abort.signal,
    }).catch(() => 'aborted');
    await called;
    expect(aborted).toBe(0);
    abort.abort();
    expect(await answer).toBe('aborted');
    await vi.waitFor(() => expect(aborted).toBe(1));
  });

  it('answers with what it has when a subgraph fails, and tells nothing about it (LEAK-04, LEAK-07)', async () => {
    reply = (_seen, response) => {
      response.statusCode = 500;
      response.end('<html>stack at /srv/app.js:1 http://10.0.0.7</html>');
    };
    const { status, text, json } = await edge.post({ query: '{ __typename old }' });
    expect([status, json.data]).toEqual([200, { __typename: 'Query', old: null }]);
    expect(json.errors?.[0]?.path).toEqual(['old']);
    expect(text).not.toMatch(/html|srv|10\.0\.0|127\.0\.0|stack/);
  });

  it('finishes a request on its supergraph while the next one is swapped in (RELOAD-03)', async () => {
    let finish: () => void = () => {};
    reply = (_seen, response) => {
      if (seen.length === 1) finish = () => response.end('{"data":{"old":7}}');
      else response.end('{"data":{"old":9,"fresh":8}}');
    };
    const inFlight = edge.post({ query: '{ slow: old }' });
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    update(sdl('echo(text: String, json: JSON): JSON  fresh: Int'));
    // Not `{ old }`: it would share the call that hangs.
    await vi.waitFor(
      async () => expect((await edge.post({ query: '{ fresh }' })).json).toEqual({ data: { fresh: 8 } }),
      { timeout: 20_000, interval: 200 },
    );
    finish();
    expect((await inFlight).json).toEqual({ data: { slow: 7 } });
    expect((await edge.post({ query: '{ slow: old }' })).status).toBe(400);
  });

  it('connects to nobody but its subgraphs, also when it stops (SUP-01)', async () => {
    await edge.close();
    const allowed = new Set([new URL(edge.url).host, `127.0.0.1:${(subgraph.address() as AddressInfo).port}`]);
    expect(connections.length).toBeGreaterThan(0);
    expect(connections.filter((address) => !allowed.has(address))).toEqual([]);
  });
});
