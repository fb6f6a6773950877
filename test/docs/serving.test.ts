import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { docBlocks, marked, placeOf } from '../support/docBlocks.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { runPortico } from '../support/runPortico.js';
import type { RunningPortico } from '../support/runPortico.js';

/** The files that docs/getting-started.md lets the reader write. */
const files = docBlocks('docs/getting-started.md').filter(({ options }) => options.has('file'));
const sdlOf = (name: string) => files.find(({ options }) => options.get('file') === `${name}.graphql`)!.text;

let folder: string;
let servers: GraphServers;
let running: RunningPortico | undefined;

/** With the ports of this run in place of those on the page. */
function moved(text: string): string {
  return text
    .replaceAll('http://localhost:4001/graphql', servers.urls['products']!)
    .replaceAll('http://localhost:4002/graphql', servers.urls['reviews']!);
}

/** The services that the reader has written by then. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-serving-'));
  servers = await startGraphServers({
    products: {
      typeDefs: sdlOf('products'),
      resolvers: { Query: { topProducts: () => [{ id: '1', name: 'Cup' }] } },
    },
    reviews: {
      typeDefs: sdlOf('reviews'),
      resolvers: { Product: { __resolveReference: ({ id }: { id: string }) => ({ id, reviews: [{ stars: 5 }] }) } },
    },
  });
  for (const { options, text } of files) await writeFile(join(folder, options.get('file')!), `${moved(text)}\n`);
  await writeFile(join(folder, 'supergraph.graphql'), servers.supergraphSdl);
});
afterEach(async () => {
  running?.child.kill('SIGTERM');
  await running?.exit;
  running = undefined;
});
afterAll(async () => {
  await servers.close();
  await rm(folder, { recursive: true, force: true });
});

const services = { data: { topProducts: [{ name: 'Cup', reviews: [{ stars: 5 }] }] } };
const anyReviews = expect.arrayContaining([{ stars: expect.any(Number) }]) as unknown;
/** What `serve=…` promises to see. */
const answers: Readonly<Record<string, unknown>> = {
  services,
  mocks: { data: { topProducts: expect.arrayContaining([{ name: expect.any(String), reviews: anyReviews }]) } },
};

describe('the commands that serve, in the folder that the reader has by then', { timeout: 120_000 }, () => {
  const blocks = [...new Map(marked('serves').map((block) => [block.text, block])).values()];

  it.each(blocks.map((block) => [`${placeOf(block)}: ${block.text}`, block] as const))('%s', async (_name, block) => {
    const [name, ...args] = moved(block.text).split(' ');
    expect(name).toBe('portico');
    running = runPortico([...args, '--port', '0'], folder);
    const url = await running.url();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ query: '{ topProducts { name reviews { stars } } }' }),
    });
    expect(await response.json()).toEqual(answers[block.options.get('as') ?? 'services']);
    const page = await fetch(new URL('/', url), { headers: { connection: 'close', accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')?.startsWith('text/html')]).toEqual(
      args[0] === 'start' ? [404, false] : [200, true],
    );
    await page.text();
    running.child.kill('SIGTERM');
    expect(await running.exit).toBe(0);
  });

  it('are all run here or elsewhere', () => {
    const lines = ['getting-started', 'operations', 'mocking', 'rest'].flatMap((page) =>
      docBlocks(`docs/${page}.md`).filter(({ text }) => /^portico (?:start|dev|mock)\b/.test(text)),
    );
    expect(lines.filter((block) => !block.marks.has('serves')).map(placeOf)).toEqual([]);
    expect(blocks.length).toBeGreaterThan(4);
  });
});
