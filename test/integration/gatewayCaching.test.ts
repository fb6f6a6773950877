import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import { composeSdl } from '../support/compose.js';
import { shelf } from '../support/graphs/shelf.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { startLibraryServer } from '../support/libraryServer.js';
import type { AskOptions, LibraryServer } from '../support/libraryServer.js';
import { startEdge } from '../support/startEdge.js';

/** What each subgraph says with its next answers. */
let says: Record<string, Record<string, string>>;
let servers: GraphServers;
let server: LibraryServer;
let willSendRequest: NonNullable<GatewayOptions['willSendRequest']> = () => {};

beforeAll(async () => {
  const respond = (
    { subgraph }: { subgraph: string },
    response: { setHeader(name: string, value: string): unknown },
  ) => {
    for (const [name, value] of Object.entries(says[subgraph] ?? {})) response.setHeader(name, value);
  };
  const { books, reviews } = shelf;
  servers = await startGraphServers({ books: { ...books, respond }, reviews: { ...reviews, respond } });
  const headers = { all: { request: [{ propagate: { named: 'authorization' } }] } };
  const gateway = createInlineGateway({
    supergraphSdl: servers.supergraphSdl,
    headers,
    willSendRequest: (request) => willSendRequest(request),
    sharingKey: () => '',
  });
  server = await startLibraryServer(gateway);
});
afterAll(async () => {
  await server.stop();
  await servers.close();
});

async function cacheControl(
  said: typeof says,
  query = '{ book { title stars } }',
  ask: AskOptions = {},
): Promise<string | undefined> {
  says = said;
  return (await server.ask(query, ask)).headers.get('cache-control');
}

const both = (value: string) => ({ books: { 'cache-control': value }, reviews: { 'cache-control': value } });

describe('the answer says of caching', () => {
  // CACHE-02: what shared caches in front may store; the gateway itself stores no answers. CACHE-07: the most restrictive of all subgraphs.
  it.each<[string, Record<string, Record<string, string>>, string]>([
    [
      'the shortest time of all subgraphs',
      { ...both('max-age=60'), reviews: { 'cache-control': 'max-age=7' } },
      'max-age=7, public',
    ],
    [
      'private when one subgraph does',
      { ...both('max-age=60'), books: { 'cache-control': 'max-age=60, private' } },
      'max-age=60, private',
    ],
    ['no-store when one subgraph says nothing', { books: { 'cache-control': 'max-age=60' } }, 'no-store'],
    [
      'no-store when one subgraph does',
      { ...both('max-age=60'), books: { 'cache-control': 'no-store, max-age=60' } },
      'no-store',
    ],
    ['no-store for no-cache', both('no-cache, max-age=60'), 'no-store'],
    ['no-store for a time nobody can read', both('max-age=soon'), 'no-store'],
    ['the smaller of two times', both('max-age=60, max-age=5'), 'max-age=5, public'],
    [
      'the time that is left when a cache stands before the subgraph',
      { ...both('max-age=60'), books: { 'cache-control': 'max-age=60', age: '45' } },
      'max-age=15, public',
    ],
    ['nothing of s-maxage', both('s-maxage=600'), 'no-store'],
    ['no-store for no time at all', both('max-age=0'), 'no-store'],
    [
      'no-store when a cache before the subgraph has used the time up',
      { ...both('max-age=60'), books: { 'cache-control': 'max-age=60', age: '60' } },
      'no-store',
    ],
  ])('%s', async (_name, said, expected) => {
    expect(await cacheControl(said)).toBe(expected);
  });

  it('no-store for a mutation (CACHE-07)', async () => {
    expect(await cacheControl(both('max-age=60'), 'mutation { rename(title: "x") { title } }')).toBe('no-store');
  });

  it('no-store when a field failed (CACHE-06)', async () => {
    willSendRequest = ({ subgraph }) => {
      if (subgraph === 'reviews') throw new GraphQLError('down');
    };
    expect(await cacheControl(both('max-age=60'))).toBe('no-store');
    willSendRequest = () => {};
  });

  it('no-store when no subgraph was asked', async () => {
    expect(await cacheControl(both('max-age=60'), '{ __typename }')).toBe('no-store');
  });

  it('private when a rule or a hook sends credentials, unless the subgraph says public (CACHE-07)', async () => {
    const ask = { headers: { authorization: 'Bearer ada' } };
    expect(await cacheControl(both('max-age=60'), '{ whoAmI }', ask)).toBe('max-age=60, private');
    expect(await cacheControl(both('public, max-age=60'), '{ whoAmI }', ask)).toBe('max-age=60, public');
    willSendRequest = (request) => request.headers.set('cookie', 'a=1');
    expect(await cacheControl(both('max-age=60'), '{ whoAmI }')).toBe('max-age=60, private');
    willSendRequest = () => {};
  });

  it('the same to everybody who shares an execution', async () => {
    expect(await cacheControl(both('max-age=60'), '{ __typename }')).toBe('no-store');
    const answers = await Promise.all([1, 2, 3].map(() => server.ask('{ book { title } }')));
    expect(answers.map(({ headers }) => headers.get('cache-control'))).toEqual(Array(3).fill('max-age=60, public'));
  });
});

describe('introspection', () => {
  it('that was answered before a reload is answered anew after it (CACHE-15)', async () => {
    let update: (sdl: string) => void = () => {};
    const sdlWith = (fields: string) => composeSdl({ one: `type Query { ${fields} }` });
    const gateway = createInlineGateway({
      introspection: true,
      supergraphSdl: {
        async initialize(options: { update(sdl: string): void }) {
          update = (sdl) => options.update(sdl);
          return { supergraphSdl: sdlWith('old: Int') };
        },
      },
    });
    const edge = await startEdge({ gateway, introspection: true });
    const query = '{ __schema { queryType { fields { name } } } }';
    const names = async () => JSON.stringify((await edge.post({ query })).json.data);
    try {
      for (let time = 0; time < 2; time++) expect(await names()).toMatch(/"old"/);
      update(sdlWith('fresh: Int'));
      await vi.waitFor(async () => expect(await names()).toMatch(/"fresh"/), { timeout: 20_000, interval: 200 });
      expect(await names()).not.toMatch(/"old"/);
    } finally {
      await edge.close();
    }
  });
});
