import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { postGraphQL } from '../support/postGraphQL.js';
import type { PostedAnswer } from '../support/postGraphQL.js';
import { runPortico } from '../support/runPortico.js';
import type { RunningPortico } from '../support/runPortico.js';
import { startSdlService } from '../support/sdlService.js';
import type { SdlService } from '../support/sdlService.js';

const SOON = { timeout: 40_000, interval: 50 };

let folder: string;
let mine: SdlService;
const running: RunningPortico[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-'));
  mine = await startSdlService('reviews', 'type Query { reviews: Int fresh: Int }');
  mine.data = { reviews: 1, fresh: 2, me: 3, again: 4 };
  await writeFile(join(folder, 'accounts.graphql'), 'type Query { me: Int }');
  await writeFile(join(folder, 'reviews.graphql'), 'type Query { reviews: Int }');
  await writeFile(
    join(folder, 'supergraph.yaml'),
    `federation_version: =2.14
subgraphs:
  accounts: { routing_url: "${mine.url}", schema: { file: accounts.graphql } }
  reviews: { routing_url: "http://reviews.test", schema: { file: reviews.graphql } }
`,
  );
});
afterEach(async () => {
  for (const { child } of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await mine.goDown();
  await rm(folder, { recursive: true, force: true });
});

function dev(...args: string[]): RunningPortico {
  const started = runPortico(['dev', ...args], folder);
  running.push(started);
  return started;
}

function ask(url: string, query: string, headers: Readonly<Record<string, string>> = {}): Promise<PostedAnswer> {
  return postGraphQL(url, { query }, { connection: 'close', ...headers });
}

describe('portico dev', { timeout: 120_000 }, () => {
  it('serves the list of this folder with one subgraph from elsewhere, shows everything, and follows changes', async () => {
    const portico = dev('--port', '0', '--subgraph', `reviews=${mine.url}`);
    const url = await portico.url();
    // The schema that runs, not the one in the file.
    expect((await ask(url, '{ reviews fresh me }')).text).toBe('{"data":{"reviews":1,"fresh":2,"me":3}}\n');
    expect((await ask(url, '{ __schema { queryType { name } } }')).text).toContain('"Query"');
    expect((await ask(url, '{ mee }')).text).toContain('Did you mean \\"me\\"');
    const planned = await ask(url, '{ me }', { 'portico-expose-query-plan': 'true' });
    expect(planned.text).toContain('QueryPlan {');
    const page = await ask(url, '{ me }', { origin: 'http://localhost:5173' });
    expect(page.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    const stranger = await ask(url, '{ me }', { origin: 'https://evil.example' });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
    const playground = await fetch(new URL('/', url), { headers: { accept: 'text/html' } });
    expect([playground.status, playground.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    await playground.arrayBuffer();

    await writeFile(join(folder, 'accounts.graphql'), 'type Query { me: Int again: Int }');
    await vi.waitFor(async () => expect((await ask(url, '{ again }')).text).toBe('{"data":{"again":4}}\n'), SOON);
    await writeFile(join(folder, 'accounts.graphql'), 'type Query {\n  me: Nobody }');
    await vi.waitFor(() => expect(portico.output()).toContain('could not be composed'), SOON);
    expect(portico.output()).toMatch(/"file":"accounts\.graphql","line":2,"column":7/);
    expect((await ask(url, '{ again }')).text).toBe('{"data":{"again":4}}\n');
    portico.child.kill('SIGINT');
    expect(await portico.exit).toBe(0);
  });

  it('says in a line what it cannot serve, and exits with 1', async () => {
    const cases: ReadonlyArray<readonly [args: string[], message: RegExp]> = [
      [['--config', 'no.yaml'], /^error: no\.yaml: does not exist$/m],
      [
        ['--subgraph', 'nobody=http://x.test'],
        /^error: --subgraph: there is no subgraph "nobody" \(there are accounts, reviews\)$/m,
      ],
      [['--subgraph', 'reviews'], /Write a name and a URL: reviews=http/],
      [
        ['--config', 'supergraph.yaml', '--supergraph', 'x.graphql'],
        /^error: --config and --supergraph exclude each other$/m,
      ],
    ];
    for (const [args, message] of cases) {
      const portico = dev('--port', '0', ...args);
      expect(await portico.exit).toBe(1);
      expect(portico.output()).toMatch(message);
      expect(portico.output()).not.toMatch(/^\s+at /m);
    }
  });
});
