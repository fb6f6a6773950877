import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { assembleGateway } from '../../src/gateway/createGateway.js';
import { createGenerationBuilder } from '../../src/gateway/createGenerationBuilder.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import { shelf } from '../support/graphs/shelf.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { startEdge } from '../support/startEdge.js';
import type { Edge } from '../support/startEdge.js';

const PLANNING_MS = 8000;

describe('a planner that is made to hang', { timeout: 60_000 }, () => {
  let servers: GraphServers;
  let edge: Edge;

  beforeAll(async () => {
    servers = await startGraphServers(shelf);
    const build = createGenerationBuilder(() => ({
      limits: DEFAULT_LIMITS,
      dedupe: true,
      entityBatching: 'alias',
      exposePlans: false,
      overrideLabels: [],
      traffic: {},
      warmupFile: undefined,
      planner: {
        workers: 2,
        timeoutMs: PLANNING_MS,
        maxCacheBytes: 1e6,
        trap: { operationName: 'Hang', does: 'hang' },
      },
    }));
    edge = await startEdge({ gateway: assembleGateway({ source: servers.supergraphSdl, build }), deadlineMs: 30_000 });
  }, 60_000);
  afterAll(async () => {
    await edge.close();
    await servers.close();
  });

  it('delays nobody else; its own request gets a code, and the next of the kind is refused at once', async () => {
    const book = { data: { book: { title: 'Emma', stars: 5 } } };
    const known = 'query Known { book { title stars } }';
    expect((await edge.post({ query: known })).json).toEqual(book);

    let hungIsOver = false;
    const hung = edge.post({ query: 'query Hang { book { title } }' }).finally(() => (hungIsOver = true));
    // Operations that are planned already, and ones that nobody has planned.
    for (let n = 0; n < 3; n++) {
      expect((await edge.post({ query: known })).json).toEqual(book);
      expect((await edge.post({ query: `query New${n} { book { title stars } }` })).json).toEqual(book);
    }
    expect((await fetch(new URL('/health', edge.url))).status).toBe(200);
    expect(hungIsOver).toBe(false);

    const { status, json } = await hung;
    expect([status, json.errors?.[0]?.extensions['code']]).toEqual([503, 'QUERY_PLANNING_TIMEOUT']);
    const startedAt = performance.now();
    const again = await edge.post({ query: 'query Hang { book { title } }' });
    expect(again.json.errors?.[0]?.extensions['code']).toBe('QUERY_PLANNING_TIMEOUT');
    expect(performance.now() - startedAt).toBeLessThan(PLANNING_MS);
    expect((await edge.post({ query: 'query After { book { stars } }' })).json).toEqual({
      data: { book: { stars: 5 } },
    });
  });
});
