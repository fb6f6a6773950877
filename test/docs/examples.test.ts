import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { movedTo, startSubgraphs } from '../../subgraphs/startSubgraphs.js';
import { runScript } from '../support/runScript.js';
import type { RunningScript } from '../support/runScript.js';

const root = join(import.meta.dirname, '../..');
const stops: Array<() => Promise<unknown>> = [];
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

async function run(example: string, env: Record<string, string> = {}): Promise<RunningScript> {
  const running = await runScript(`examples/${example}/server.ts`, { env });
  stops.push(() => running.stop());
  return running;
}

async function ask(url: string, query: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

describe('each example runs as it stands:', { timeout: 120_000 }, () => {
  it('own-apollo-server', async () => {
    const subgraphs = await startSubgraphs({ port: 0 });
    stops.push(() => subgraphs.close());
    const directory = await mkdtemp(join(tmpdir(), 'portico-example-'));
    stops.push(() => rm(directory, { recursive: true }));
    const sdl = movedTo(subgraphs.urls, await readFile(join(root, 'schema/supergraph.graphql'), 'utf8'));
    await writeFile(join(directory, 'supergraph.graphql'), sdl);
    const { url } = await run('own-apollo-server', { SUPERGRAPH: join(directory, 'supergraph.graphql') });
    const query = await queryOf('own-apollo-server');
    expect(await ask(url, query)).toEqual({
      data: { topProducts: [{ name: expect.any(String), reviews: [{ rating: expect.any(Number) }] }] },
    });
  });

  it('compose-from-files', async () => {
    const { url } = await run('compose-from-files');
    expect(await ask(url, await queryOf('compose-from-files'))).toEqual({
      data: {
        books: [
          { title: 'Emma', stars: 3.5 },
          { title: 'Middlemarch', stars: 4 },
        ],
      },
    });
  });

  it('custom-hook', async () => {
    const running = await run('custom-hook');
    const query = await queryOf('custom-hook');
    expect(await ask(running.url, query, { authorization: 'Bearer ada' })).toEqual({ data: { hello: 'Hello ada' } });
    expect(running.output()).toContain('cost so far: 3');
    expect(await ask(running.url, query)).toMatchObject({
      data: { hello: null },
      errors: [{ message: 'Log in first', path: ['hello'], extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  it('and there are no others', async () => {
    expect((await readdir(join(root, 'examples'))).toSorted()).toEqual([
      'compose-from-files',
      'custom-hook',
      'own-apollo-server',
    ]);
  });
});

/** The query that the example's README sends. */
async function queryOf(example: string): Promise<string> {
  const readme = await readFile(join(root, 'examples', example, 'README.md'), 'utf8');
  const body = /-d '(\{.*\})'/.exec(readme)?.[1];
  if (body === undefined) throw new Error(`the README of ${example} asks nothing`);
  return (JSON.parse(body) as { query: string }).query;
}
