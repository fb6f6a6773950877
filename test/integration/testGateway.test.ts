import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createTestGateway } from '../../src/testing/createTestGateway.js';
import type { TestGateway } from '../../src/testing/TestGateway.js';
import { shelf } from '../support/graphs/shelf.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';

let servers: GraphServers;
let gateway: TestGateway | undefined;
beforeAll(async () => {
  servers = await startGraphServers(shelf);
});
afterEach(async () => {
  await gateway?.close();
  servers.received.length = 0;
});
afterAll(() => servers.close());

const QUERY = '{ book { title stars } }';

describe('a test gateway over services that run', () => {
  it('asks them for their SDL, and mixes them with mocks', async () => {
    gateway = await createTestGateway({
      subgraphs: {
        books: { url: servers.urls['books']! },
        reviews: 'type Book @key(fields: "id") { id: ID! stars: Int }',
      },
    });
    const answer = await gateway.execute(QUERY);
    expect(answer).toMatchObject({ data: { book: { title: 'Emma', stars: expect.any(Number) as number } } });
    expect(servers.received.at(-1)).toMatchObject({
      subgraph: 'books',
      query: expect.stringContaining('title') as string,
    });
    expect(gateway.calls.map(({ subgraph, status }) => [subgraph, status])).toEqual([
      ['books', 200],
      ['reviews', 200],
    ]);
  });

  it('takes the SDL that the test gives, and lets faults happen before the socket', async () => {
    const typeDefs = servers.typeDefs['reviews']!;
    gateway = await createTestGateway({
      subgraphs: { books: shelf.books, reviews: { url: servers.urls['reviews']!, typeDefs } },
    });
    expect(await gateway.execute(QUERY)).toEqual({ data: { book: { title: 'Emma', stars: 5 } } });
    gateway.subgraph('reviews').down();
    const partial = await gateway.execute(QUERY);
    expect(partial).toMatchObject({ data: { book: { stars: null } }, errors: [{ path: ['book', 'stars'] }] });
    expect(servers.received).toHaveLength(1);
  });

  it('serves a composed supergraph: its services where the test says, mocks for the rest', async () => {
    gateway = await createTestGateway({
      supergraph: servers.supergraphSdl,
      subgraphs: { reviews: { url: servers.urls['reviews']! } },
    });
    const answer = await gateway.execute(QUERY);
    expect(answer).toEqual({ data: { book: { title: expect.any(String) as string, stars: 5 } } });
    expect(servers.received.map(({ subgraph }) => subgraph)).toEqual(['reviews', 'reviews']);
    expect(gateway.supergraphSdl).toBe(servers.supergraphSdl);
    await expect(
      createTestGateway({ supergraph: servers.supergraphSdl, subgraphs: { revews: shelf.reviews } }),
    ).rejects.toThrow('The supergraph has no subgraph revews, only books, reviews');
  });
});
