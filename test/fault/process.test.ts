import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { askOnce } from '../support/postGraphQL.js';
import { runPortico } from '../support/runPortico.js';
import type { RunningPortico } from '../support/runPortico.js';
import { startSdlService } from '../support/sdlService.js';
import type { SdlService } from '../support/sdlService.js';

const SOON = { timeout: 40_000, interval: 50 };

let folder: string;
let a: SdlService;
let b: SdlService;
let running: RunningPortico | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-'));
  a = await startSdlService('a', 'type Query { a: Int }');
  b = await startSdlService('b', 'type Query { b: Int }');
  a.data = { a: 1 };
  b.data = { b: 2, later: 3 };
  await writeFile(
    join(folder, 'supergraph.yaml'),
    `subgraphs:\n  a: { schema: { subgraph_url: "${a.url}" } }\n  b: { schema: { subgraph_url: "${b.url}" } }\n`,
  );
});
afterEach(async () => {
  if (running?.child.exitCode === null) running.child.kill('SIGKILL');
  running = undefined;
  await Promise.all([a.goDown(), b.goDown()]);
  await rm(folder, { recursive: true, force: true });
});

async function status(url: string, path: string): Promise<number> {
  return (await fetch(new URL(path, url), { headers: { connection: 'close' } })).status;
}

describe('portico start on a list of subgraphs', { timeout: 120_000 }, () => {
  it('serves one that was down at the start, and its changes, without a restart; a killed process is replaced on the same graph', async () => {
    await b.goDown();
    running = runPortico(['start', '--subgraphs', 'supergraph.yaml', '--port', '0'], folder);
    const url = await running.url();
    expect(await askOnce(url, '{ a }')).toEqual({ data: { a: 1 } });
    expect((await askOnce(url, '{ b }')).errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED');

    await b.comeUp();
    await vi.waitFor(async () => expect(await askOnce(url, '{ a b }')).toEqual({ data: { a: 1, b: 2 } }), SOON);
    b.answer = 'type Query { b: Int later: Int }';
    await vi.waitFor(async () => expect(await askOnce(url, '{ later }')).toEqual({ data: { later: 3 } }), SOON);

    // Down again: its fields, and nothing else.
    await b.goDown();
    const partial = await askOnce(url, '{ a later }');
    expect(partial.data).toEqual({ a: 1, later: null });
    expect(partial.errors).toMatchObject([{ path: ['later'], extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }]);

    process.kill(running.serving()[0]!, 'SIGKILL');
    await vi.waitFor(() => expect(running!.serving()).toHaveLength(2), SOON);
    expect((await askOnce(url, '{ a later }')).data).toEqual({ a: 1, later: null });
    running.child.kill('SIGTERM');
    expect(await running.exit).toBe(0);
  });

  it('says at its line what does not compose, and exits with 1', async () => {
    b.answer = 'type Query { b: Nothing }';
    running = runPortico(['start', '--subgraphs', 'supergraph.yaml', '--port', '0', '--workers', '2'], folder);
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(/^error: b:2:17: INVALID_GRAPHQL \[b\] Unknown type Nothing$/m);
    expect(running.output()).not.toMatch(/^\s+at /m);
  });
});

describe('a serving process', { timeout: 120_000 }, () => {
  it('that is killed under load is replaced, no client hangs, and all of them are served again', async () => {
    a.delayMs = 20;
    running = runPortico(['start', '--subgraphs', 'supergraph.yaml', '--port', '0', '--no-dedupe'], folder);
    const url = await running.url();
    const served = new Array<number>(10).fill(0);
    const outcomes = new Set<string>();
    let over = false;
    const client = async (n: number): Promise<void> => {
      while (!over) {
        try {
          const { data } = await askOnce(url, `{ c${n}: a }`);
          outcomes.add(JSON.stringify(Object.values(data ?? {})));
          served[n]!++;
        } catch (error) {
          outcomes.add(error instanceof DOMException ? 'hung' : 'cut');
        }
      }
    };
    const clients = served.map((_, n) => client(n));
    const allServed = (more: number) => {
      const before = [...served];
      return vi.waitFor(() => expect(served.every((count, n) => count >= before[n]! + more)).toBe(true), SOON);
    };
    await allServed(3);
    process.kill(running.serving()[0]!, 'SIGKILL');
    await vi.waitFor(() => expect(running!.serving()).toHaveLength(2), SOON);
    await allServed(3);
    over = true;
    await Promise.all(clients);
    expect(outcomes).not.toContain('hung');
    expect([...outcomes].filter((outcome) => outcome !== 'cut')).toEqual(['[1]']);
    running.child.kill('SIGTERM');
    expect(await running.exit).toBe(0);
  });

  it('says first that it is not ready, and is alive to the end (DRAIN-02)', async () => {
    a.delayMs = 2000;
    running = runPortico(['start', '--subgraphs', 'supergraph.yaml', '--port', '0'], folder);
    const url = await running.url();
    expect([await status(url, '/ready'), await status(url, '/health')]).toEqual([200, 200]);
    const inFlight = askOnce(url, '{ a }');
    await vi.waitFor(() => expect(a.asked).toBeGreaterThan(1), SOON);
    running.child.kill('SIGTERM');
    const seen: string[] = [];
    for (;;) {
      try {
        seen.push(`${await status(url, '/ready')} ${await status(url, '/health')}`);
      } catch {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(seen).toContain('503 200');
    expect(seen.slice(seen.indexOf('503 200'))).not.toContain('200 200');
    expect(seen.every((each) => each.endsWith(' 200'))).toBe(true);
    expect(await inFlight).toEqual({ data: { a: 1 } });
    expect(await running.exit).toBe(0);
  });
});
