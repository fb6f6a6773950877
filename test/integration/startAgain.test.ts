import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { composeSdl } from '../support/compose.js';
import { shelf } from '../support/graphs/shelf.js';
import { startGraphServers } from '../support/graphServers.js';
import type { GraphServers } from '../support/graphServers.js';
import { askOnce } from '../support/postGraphQL.js';
import { runPortico } from '../support/runPortico.js';
import type { RunningPortico } from '../support/runPortico.js';

const SOON = { timeout: 40_000, interval: 50 };

let folder: string;
let servers: GraphServers;
let running: RunningPortico | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-'));
  servers = await startGraphServers(shelf);
  await writeFile(join(folder, 'supergraph.graphql'), servers.supergraphSdl);
});
afterEach(async () => {
  if (running?.child.exitCode === null) running.child.kill('SIGKILL');
  running = undefined;
  await servers.close();
  await rm(folder, { recursive: true, force: true });
});

function start(args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): RunningPortico {
  const all = ['start', '--supergraph', 'supergraph.graphql', '--port', '0', '--workers', '1', ...args];
  return (running = runPortico(all, folder, environment));
}

const connectors = composeSdl({ a: 'type Query { a: Int }' }).replace(
  'schema\n',
  'schema\n  @join__directive(graphs: [A], name: "link", args: {url: "https://specs.apollo.dev/connect/v0.9", import: ["@connect"]})\n',
);
/** A version of the specification that may demand what we do not know of. */
const later = (sdl: string, name: string): string => composeSdl({ a: sdl }).replace(`${name}/v0.1`, `${name}/v0.9`);
const refused: ReadonlyArray<readonly [feature: string, sdl: string]> = [
  [
    'https://specs.apollo.dev/authenticated/v0.9',
    later('type Query { a: Int @authenticated }', 'specs.apollo.dev/authenticated'),
  ],
  [
    'https://specs.apollo.dev/requiresScopes/v0.9',
    later('type Query { a: Int @requiresScopes(scopes: [["x"]]) }', 'specs.apollo.dev/requiresScopes'),
  ],
  [
    'https://specs.apollo.dev/policy/v0.9',
    later('type Query { a: Int @policy(policies: [["x"]]) }', 'specs.apollo.dev/policy'),
  ],
  ['https://specs.apollo.dev/connect/v0.9', connectors],
];

describe(
  'a supergraph that asks for protection we do not give, or for what we cannot execute',
  { timeout: 120_000 },
  () => {
    it.each([refused[0]!, refused[3]!])('stops the start with the name of the feature: %s', async (feature, sdl) => {
      await writeFile(join(folder, 'supergraph.graphql'), sdl);
      const gateway = start();
      expect(await gateway.exit).toBe(1);
      expect(gateway.output()).toContain(feature);
      expect(gateway.output()).not.toMatch(/^\s+at /m);
      expect(gateway.serving()).toEqual([]);
    });

    it('is refused by name when it comes as a reload, and the old one serves on', async () => {
      const gateway = start();
      const url = await gateway.url();
      for (const [feature, sdl] of refused) {
        await writeFile(join(folder, 'supergraph.graphql'), sdl);
        const refusal = () =>
          gateway
            .output()
            .split('\n')
            .find((line) => line.includes('was refused') && line.includes(feature));
        await vi.waitFor(() => expect(refusal()).toBeDefined(), SOON);
        expect(refusal()).toContain('SUPERGRAPH_FEATURE_UNSUPPORTED');
        expect(await askOnce(url, '{ book { title stars } }')).toEqual({ data: { book: { title: 'Emma', stars: 5 } } });
        expect((await fetch(new URL('/ready', url))).status).toBe(200);
      }
    });
  },
);

describe('a start', { timeout: 120_000 }, () => {
  it('plans what was hottest before it is ready, from the file that the last process kept', async () => {
    const kept = join(folder, 'warmup.json');
    const query = 'query Hot { book { title stars } }';
    const first = start(['--warmup-file', kept]);
    const url = await first.url();
    await askOnce(url, query);
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    const operations = await readFile(kept, 'utf8');
    expect(operations).toContain('stars');

    const second = start(['--warmup-file', kept]);
    expect((await fetch(new URL('/ready', await second.url()))).status).toBe(200);
    // What is written at the end is what is in the plan cache: nobody has asked anything, so the start has planned it.
    await rm(kept);
    second.child.kill('SIGTERM');
    expect(await second.exit).toBe(0);
    expect(await readFile(kept, 'utf8')).toBe(operations);
  });

  it('says which variables of the environment would switch off a protection elsewhere, and have no effect', async () => {
    const gateway = start([], { APOLLO_DISABLE_SECURITY_NON_LOCAL_SELECTIONS_CHECK: 'true' });
    await gateway.url();
    expect(gateway.output()).toContain('APOLLO_DISABLE_SECURITY_NON_LOCAL_SELECTIONS_CHECK is set and has no effect');
  });
});
