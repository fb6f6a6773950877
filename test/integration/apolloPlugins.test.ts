import { gunzipSync } from 'node:zlib';

import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { ApolloServerPluginUsageReporting } from '@apollo/server/plugin/usageReporting';
import { Report } from '@apollo/usage-reporting-protobuf';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createApolloServer } from '../../src/edge/apollo/createApolloServer.js';
import { createHttpServer } from '../../src/edge/http/createHttpServer.js';
import { DEFAULT_LIMITS } from '../../src/engine/operation/limits.js';
import { shelf } from '../support/graphs/shelf.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { startLibraryServer } from '../support/libraryServer.js';
import type { LibraryAnswer } from '../support/libraryServer.js';

let servers: GraphServers;
beforeAll(async () => {
  servers = await startGraphServers({
    books: { ...shelf.books, respond: (_seen, response) => void response.setHeader('cache-control', 'max-age=60') },
    reviews: { ...shelf.reviews, respond: (_seen, response) => void response.setHeader('cache-control', 'max-age=30') },
  });
});
afterAll(() => servers.close());

const query = '{ book { title stars } }';
const bytes = '{"data":{"book":{"title":"Emma","stars":5}}}\n';
const doors = ['a plain ApolloServer', 'an ApolloServer with serverOptions()', "Portico's own server"] as const;

/** One query through one door. What plugins write at shutdown has been written when it resolves. */
async function through(
  door: (typeof doors)[number],
  plugin: ApolloServerPlugin,
  headers: Record<string, string> = {},
): Promise<LibraryAnswer> {
  const gateway = createInlineGateway({ supergraphSdl: servers.supergraphSdl });
  if (door === "Portico's own server") {
    const server = createApolloServer({
      gateway,
      limits: DEFAULT_LIMITS,
      plugins: [plugin as ApolloServerPlugin<object>],
    });
    const http = createHttpServer({ server, isReady: () => gateway.isReady() });
    await server.start();
    const { origin } = await http.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    await http.close(1000);
    await server.stop();
    const sent = response.headers as unknown as LibraryAnswer['headers'];
    return { status: response.status, headers: sent, text, json: JSON.parse(text) as LibraryAnswer['json'] };
  }
  const ours = door === doors[1] ? gateway.serverOptions() : undefined;
  const server = await startLibraryServer(gateway, { ...ours, plugins: [...(ours?.plugins ?? []), plugin] });
  const answer = await server.ask(query, { headers });
  await server.stop();
  return answer;
}

describe.each(doors)('in %s', (door) => {
  it('ApolloServerPluginUsageReporting reports the operation over a transport of its own', async () => {
    const sent: Array<{ url: string; report: Report }> = [];
    const before = process.env['APOLLO_KEY'];
    process.env['APOLLO_KEY'] = 'service:shelf:secret';
    process.env['APOLLO_GRAPH_REF'] = 'shelf@test';
    try {
      const plugin = ApolloServerPluginUsageReporting({
        sendReportsImmediately: true,
        sendTraces: true,
        async fetcher(url, options) {
          const body = gunzipSync(options!.body as unknown as Buffer);
          sent.push({ url, report: Report.decode(body) });
          return new Response('{}', { status: 200 }) as never;
        },
      });
      expect((await through(door, plugin)).text).toBe(bytes);
    } finally {
      delete process.env['APOLLO_GRAPH_REF'];
      if (before === undefined) delete process.env['APOLLO_KEY'];
      else process.env['APOLLO_KEY'] = before;
    }
    await vi.waitFor(() => expect(sent).toHaveLength(1), 20_000);
    expect(sent[0]!.url).toContain('/api/ingress/traces');
    const { tracesPerQuery, operationCount } = sent[0]!.report;
    expect(Number(operationCount)).toBe(1);
    expect(Object.keys(tracesPerQuery)).toEqual(['# -\n{book{stars title}}']);
  });

  it('ApolloServerPluginCacheControl sends what the subgraphs allow', async () => {
    const { headers, text } = await through(door, ApolloServerPluginCacheControl());
    expect([headers.get('cache-control'), text]).toEqual(['max-age=30, public', bytes]);
  });

  it('ApolloServerPluginInlineTrace does not break an answer, and has nothing of the subgraphs to tell', async () => {
    const plugin = ApolloServerPluginInlineTrace();
    expect((await through(door, plugin)).text).toBe(bytes);
    const { json, text } = await through(door, plugin, { 'apollo-federation-include-trace': 'ftv1' });
    expect(json).toMatchObject({
      data: { book: { title: 'Emma', stars: 5 } },
      extensions: { ftv1: expect.any(String) },
    });
    expect(text).toContain('"data":{"book":{"title":"Emma","stars":5}}');
  });
});
