import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { IntrospectAndCompose, LocalCompose } from '@apollo/gateway';
import { parse } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { GatewayOptions } from '../../src/gateway/GatewayOptions.js';
import type { SupergraphManagerOptions } from '../../src/gateway/managers/SupergraphManager.js';
import { shelf } from '../support/graphs/shelf.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { compose } from '../../src/supergraph/compose/compose.js';
import { startLibraryServer } from '../support/libraryServer.js';
import type { LibraryServer } from '../support/libraryServer.js';

let servers: GraphServers;
const lines: string[] = [];
const note = (line?: string): void => void lines.push(line ?? '');
const logger = { debug() {}, info: note, warn: note, error: note };
const open: LibraryServer[] = [];

beforeAll(async () => {
  servers = await startGraphServers(shelf);
});
afterAll(() => servers.close());
beforeEach(() => {
  lines.length = 0;
  servers.received.length = 0;
});
afterEach(() => Promise.all(open.splice(0).map((server) => server.stop())));

async function serverWith(options: GatewayOptions): Promise<LibraryServer> {
  const server = await startLibraryServer(createInlineGateway({ logger, ...options }));
  open.push(server);
  return server;
}

const endpoints = () => Object.entries(servers.urls).map(([name, url]) => ({ name, url }));
const book = '{ book { title stars } }';
const answer = { data: { book: { title: 'Emma', stars: 5 } } };

describe('managers of Apollo Gateway work as they are:', () => {
  it('IntrospectAndCompose, with its headers, its health check and our hooks', async () => {
    const seen: string[] = [];
    const server = await serverWith({
      supergraphSdl: new IntrospectAndCompose({
        subgraphs: endpoints(),
        introspectionHeaders: { 'x-sdl-token': 'secret' },
        subgraphHealthCheck: true,
      }),
      willSendRequest: ({ subgraph, purpose, headers, client }) => {
        seen.push(`${purpose} ${subgraph} ${headers.get('x-sdl-token') ?? '-'} ${client.requestId}`);
        headers.set('x-gateway', 'portico');
      },
    });
    expect(seen.toSorted()).toEqual([
      'health-check books - ',
      'health-check reviews - ',
      'schema books secret ',
      'schema reviews secret ',
    ]);
    expect(servers.received.map(({ headers }) => headers['x-gateway'])).toEqual(Array(4).fill('portico'));
    expect((await server.ask(book)).json).toEqual(answer);
  });

  it('LocalCompose', async () => {
    const localServiceList = endpoints().map(({ name, url }) => ({
      name,
      url,
      typeDefs: parse(servers.typeDefs[name]!),
    }));
    const server = await serverWith({ supergraphSdl: new LocalCompose({ localServiceList }) });
    expect((await server.ask(book)).json).toEqual(answer);
  });

  it('IntrospectAndCompose refuses to start when a subgraph is down, as it always has', async () => {
    const start = serverWith({
      supergraphSdl: new IntrospectAndCompose({ subgraphs: [{ name: 'down', url: await closedUrl() }], logger }),
    });
    await expect(start).rejects.toThrow(/load service definitions/);
  });
});

describe('a manager of the user', () => {
  it('may be a function; its updates are served, refused ones are not, and it is cleaned up', async () => {
    let tools: SupergraphManagerOptions | undefined;
    const cleanup = vi.fn<() => Promise<void>>(async () => {});
    const server = await serverWith({
      supergraphSdl: async (options) => {
        tools = options;
        return { supergraphSdl: servers.supergraphSdl, cleanup };
      },
    });
    const { update } = tools!;
    expect((await server.ask('{ renamed: __typename }')).json).toEqual({ data: { renamed: 'Query' } });
    update('nonsense');
    await vi.waitFor(() => expect(lines.join('\n')).toContain('The new supergraph was refused'), 20_000);
    update(servers.supergraphSdl.replace('echo(word: String)', 'shout(word: String)').replaceAll('echo', 'shout'));
    await vi.waitFor(
      async () => expect((await server.ask('{ shout(word: "x") }')).text).not.toContain('GRAPHQL_VALIDATION_FAILED'),
      { timeout: 20_000, interval: 200 },
    );
    await open.pop()!.stop();
    expect(cleanup).toHaveBeenCalledTimes(1);
  });

  it('that has no first supergraph stops the start', async () => {
    const start = serverWith({ supergraphSdl: () => Promise.reject(new Error('registry unreachable')) });
    await expect(start).rejects.toThrow('registry unreachable');
  });

  it('learns from healthCheck which subgraphs do not answer', async () => {
    let failure: unknown;
    const broken = servers.supergraphSdl.replace(servers.urls['reviews']!, await closedUrl());
    await serverWith({
      supergraphSdl: async ({ healthCheck }) => {
        await healthCheck(servers.supergraphSdl);
        failure = await healthCheck(broken).catch((error: unknown) => error);
        return { supergraphSdl: servers.supergraphSdl };
      },
    });
    expect(servers.received.map(({ query }) => query)).toContainEqual(expect.stringContaining('__typename'));
    expect(failure).toMatchObject({ message: expect.stringMatching(/^The health check failed: reviews: /) });
    expect((failure as Error).message).not.toContain('books');
  });

  it('does not ask REST services in a healthCheck: they have no question that every one answers', async () => {
    const sdl = `extend schema @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect"])
      type Query { a: String @connect(http: { GET: "http://nobody.test/" }, selection: "$") }`;
    const { supergraphSdl } = compose([{ name: 'rest', url: '', sdl }]);
    const outcome: unknown[] = [];
    await serverWith({
      supergraphSdl: async ({ healthCheck }) => {
        outcome.push(await healthCheck(supergraphSdl));
        return { supergraphSdl: servers.supergraphSdl };
      },
    });
    expect(outcome).toEqual([undefined]);
  });

  it('asks subgraphs with getDataSource, which gives data and errors', async () => {
    const replies: unknown[] = [];
    await serverWith({
      supergraphSdl: async ({ getDataSource }) => {
        const source = getDataSource({ name: 'books', url: servers.urls['books'] });
        const ask = async (query: string, variables?: Record<string, unknown>) => {
          const { data, errors } = await source.process({ request: { query, ...(variables && { variables }) } });
          replies.push([data, errors?.map(({ message }) => message)]);
        };
        await ask('query ($w: String) { echo(word: $w) }', { w: 'hi' });
        await ask('{ nope }');
        return { supergraphSdl: servers.supergraphSdl };
      },
    });
    expect(replies).toEqual([
      [{ echo: 'hi' }, undefined],
      [undefined, [expect.stringContaining('nope')]],
    ]);
  });
});

describe('supergraph.subgraphs', () => {
  it('composes running subgraphs at the start, and calls them where `subgraphs` says', async () => {
    const { books, reviews } = servers.urls;
    const server = await serverWith({
      supergraph: {
        subgraphs: {
          books: { routingUrl: 'http://books.invalid/graphql', schema: { subgraphUrl: books! } },
          reviews: { routingUrl: reviews!, schema: { sdl: servers.typeDefs['reviews']! } },
        },
      },
      subgraphs: { books: { url: books! } },
    });
    expect((await server.ask(book)).json).toEqual(answer);
  });
});

async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}/graphql`;
}
