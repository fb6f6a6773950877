import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

let edge: Edge | undefined;
afterEach(async () => {
  await edge?.close();
  edge = undefined;
});

test('SHED-06: a refused request is 503 with Retry-After whatever its body, and /health is answered', async () => {
  edge = await startEdge({
    overload: { maxInFlight: 100, maxEventLoopLagMs: undefined, maxHeapShare: 0.9 },
    overloadSignals: { lagMs: () => 0, heapShare: () => 1 },
  });
  const refused = await edge.post('{ not json');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.json.errors?.[0]?.extensions['code']).toBe('OVERLOADED');
  const { origin } = new URL(edge.url);
  expect((await fetch(`${origin}/health`)).status).toBe(200);
  expect((await fetch(`${origin}/ready`)).status).toBe(200);
  await Promise.all(Array.from({ length: 101 }, () => edge!.post('{}')));
  const ready = await fetch(`${origin}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ status: 'overloaded' });
  expect((await fetch(`${origin}/health`)).status).toBe(200);
});

test('SHED-10: no class of requests goes before another: docs/traffic.md says so', async () => {
  edge = await startEdge({
    overload: { maxInFlight: 100, maxEventLoopLagMs: undefined, maxHeapShare: 0.9 },
    overloadSignals: { lagMs: () => 0, heapShare: () => 1 },
  });
  for (const query of ['{ hello }', 'mutation { touch }', '{ __schema { queryType { name } } }'])
    expect((await edge.post({ query })).status, query).toBe(503);
  expect((await edge.post({ query: '{ hello }' }, { 'x-priority': 'high' })).status).toBe(503);
  expect(readFileSync('docs/traffic.md', 'utf8')).toMatch(/no class of requests goes before another/);
});

test('SHED-04: a request that has ended makes room for the next', async () => {
  edge = await startEdge({ overload: { maxInFlight: 1, maxEventLoopLagMs: undefined, maxHeapShare: undefined } });
  for (let i = 0; i < 5; i++) expect((await edge.post({ query: '{ hello }' })).status).toBe(200);
});

test('SHED-04: answers that wait for the others of their turn refuse nobody', async () => {
  edge = await startEdge({ overload: { maxInFlight: 1, maxEventLoopLagMs: undefined, maxHeapShare: undefined } });
  await edge.post({ query: '{ hello }' });
  const body = '{"query":"{ hello }"}';
  // In one segment: a request whose body is under way takes its place.
  const request = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const { port } = new URL(edge.url);
  const sockets = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      return socket;
    }),
  );
  const statuses = new Set<string | undefined>();
  for (let round = 0; round < 50; round++) {
    const answered = sockets.map((socket) => once(socket, 'data'));
    for (const socket of sockets) socket.write(request);
    for (const [answer] of await Promise.all(answered)) statuses.add(/^HTTP\/1.1 (\d+)/.exec(String(answer))?.[1]);
  }
  for (const socket of sockets) socket.destroy();
  expect(statuses).toEqual(new Set(['200']));
});
