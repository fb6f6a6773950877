import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { notices } from '../../src/base/telemetry/channels.js';
import type { Notice } from '../../src/base/telemetry/channels.js';
import { fetchSdl } from '../../src/supergraph/sources/fetchSdl.js';
import { compose } from '../../src/supergraph/compose/compose.js';
import type { SubgraphDefinition } from '../../src/supergraph/sources/SubgraphDefinition.js';
import { subgraphsSource } from '../../src/supergraph/sources/subgraphsSource.js';
import type { SubgraphsSourceOptions } from '../../src/supergraph/sources/subgraphsSource.js';
import { startSdlService } from '../support/sdlService.js';
import type { SdlAnswer, SdlService } from '../support/sdlService.js';

const SOON = { timeout: 20_000, interval: 20 };
const T = 'type T @key(fields: "id") { id: ID!';

let folder: string;
let seen: Notice[];
const cleanups: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-'));
  seen = [];
  cleanups.push(
    () => rm(folder, { recursive: true, force: true }),
    notices.subscribe((notice) => seen.push(notice)),
  );
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function service(name: string, answer: SdlAnswer): Promise<SdlService> {
  const started = await startSdlService(name, answer);
  cleanups.push(() => started.goDown());
  return started;
}

interface Followed {
  /** All supergraphs, the first one first. */
  readonly supergraphs: string[];
  latest(): string;
  stop(): Promise<void>;
}

async function follow(
  subgraphs: SubgraphsSourceOptions['subgraphs'],
  options: Partial<SubgraphsSourceOptions> = {},
): Promise<Followed> {
  const supergraphs: string[] = [];
  const source = subgraphsSource({
    subgraphs,
    keepIn: join(folder, 'kept'),
    pollMs: 100,
    timeoutMs: 2000,
    debounceMs: 20,
    // A thread costs a second under the tests; the first test has one.
    compose: async (list) => compose(list),
    ...options,
  });
  const { supergraphSdl, cleanup } = await source.initialize({ update: (sdl) => supergraphs.push(sdl) });
  supergraphs.unshift(supergraphSdl);
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (!stopped) await cleanup!();
    stopped = true;
  };
  cleanups.push(stop);
  return { supergraphs, latest: () => supergraphs.at(-1)!, stop };
}

const definitions = (...services: SdlService[]): SubgraphDefinition[] => services.map(({ definition }) => definition);
const errors = (): string[] => seen.filter(({ level }) => level === 'error').map(({ message }) => message);

describe('asking a subgraph for its SDL', () => {
  const broken: ReadonlyArray<readonly [claim: string, answer: SdlAnswer, reason: RegExp]> = [
    ['hangs', () => {}, /did not answer within 300 ms/],
    [
      'never finishes',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
      },
      /did not answer within 300 ms/,
    ],
    [
      'sends an HTML page',
      (_request, response) => response.setHeader('content-type', 'text/html').end('<html>secret</html>'),
      /answered with text\/html, not with JSON/,
    ],
    ['sends a 500', (_request, response) => response.writeHead(500).end('{}'), /status 500/],
    [
      'redirects',
      (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /status 302/,
    ],
    ['hangs up', (request) => request.socket.destroy(), /cannot be reached/],
    [
      'is no federation subgraph',
      (_request, response) => response.end('{"errors":[{"message":"secret"}]}'),
      /no federation subgraph/,
    ],
    [
      'gives an SDL that is none',
      (_request, response) => response.end('{"data":{"_service":{"sdl":"<html>"}}}'),
      /not GraphQL/,
    ],
    ['gives null', (_request, response) => response.end('{"data":{"_service":null}}'), /no federation subgraph/],
    ['gives more than it may', (_request, response) => response.end('x'.repeat(200_000)), /more than 100000 bytes/],
  ];
  it.each(broken)('says what is wrong with one that %s, and nothing it said', async (_claim, answer, reason) => {
    const { url } = await service('a', answer);
    const failure = fetchSdl(`${url}?key=secret`, { timeoutMs: 300, maxBytes: 100_000 });
    await expect(failure).rejects.toMatchObject({
      code: 'SUBGRAPH_SDL_UNAVAILABLE',
      message: expect.stringMatching(reason),
    });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  });
});

describe('running subgraphs', { timeout: 60_000 }, () => {
  it('are composed at the start, asked with their headers, and asked again', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const secret = { ...a.definition, schema: { kind: 'service', url: a.url, headers: { 'x-key': 's' } } } as const;
    const followed = await follow([secret], { compose: undefined });
    expect(followed.latest()).toContain('  a: Int');
    expect(a.headers['x-key']).toBe('s');
    a.answer = 'type Query { a: Int more: Int }';
    await vi.waitFor(() => expect(followed.latest()).toContain('more: Int'), SOON);
    const { asked } = a;
    await vi.waitFor(() => expect(a.asked).toBeGreaterThan(asked + 2), SOON);
    expect(followed.supergraphs).toHaveLength(2);
  });

  it('give two instances the same supergraph', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', 'type Query { b: Int }');
    const [one, other] = [await follow(definitions(a, b)), await follow(definitions(b, a), { keepIn: false })];
    expect(one.latest()).toBe(other.latest());
  });

  it('that are down do not stop the start: the last good schema is on disk (RELOAD-10)', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', 'type Query { b: Int }');
    const first = await follow(definitions(a, b));
    await first.stop();
    await b.goDown();
    const second = await follow(definitions(a, b));
    expect(second.latest()).toBe(first.latest());
    expect(seen.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^The schema of subgraph "b" cannot be read, using the one kept at 20/),
    );
    // It comes up, with another schema.
    b.answer = 'type Query { b: Int later: Int }';
    await b.comeUp();
    await vi.waitFor(() => expect(second.latest()).toContain('later: Int'), SOON);
  });

  it('that are down and were never seen are left out, and join when they come up (RELOAD-10)', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', 'type Query { b: Int }');
    await b.goDown();
    const followed = await follow(definitions(a, b));
    expect(followed.latest()).not.toContain('  b: Int');
    expect(errors()).toEqual(['The schema of subgraph "b" cannot be read, starting without it']);
    await b.comeUp();
    await vi.waitFor(() => expect(followed.latest()).toContain('  b: Int'), SOON);
  });

  it('that the others need and that were never seen stop the start with the reason', async () => {
    const a = await service('a', `type Query { t: T } ${T} @external x: Int @requires(fields: "y") y: Int @external }`);
    const b = await service('b', `${T} y: Int }`);
    await b.goDown();
    a.answer = 'type Query { t: Nothing }';
    await expect(follow(definitions(a, b))).rejects.toMatchObject({
      code: 'COMPOSITION_FAILED',
      problems: [
        { code: 'SUBGRAPH_SDL_UNAVAILABLE', message: expect.stringMatching(/"b" is not there: .*ECONNREFUSED/) },
        { code: 'INVALID_GRAPHQL' },
      ],
    });
  });

  it('that are all down stop the start, and each reason is given', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', (_request, response) => response.writeHead(503).end('the secret page'));
    await a.goDown();
    const failure = await follow(definitions(a, b)).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'SUBGRAPH_SDL_UNAVAILABLE' });
    expect((failure as Error).message).toMatch(
      /a: http:\S+ cannot be reached \(ECONNREFUSED\); b: http:\S+ answered with status 503/,
    );
    expect((failure as Error).message).not.toContain('secret');
  });

  it('that fail for a while lose nothing: the others go on, and they recover (RELOAD-12)', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', 'type Query { b: Int }');
    const followed = await follow(definitions(a, b), { timeoutMs: 300 });
    b.answer = () => {};
    const failed = () => seen.filter(({ message }) => message.startsWith('The schema of a subgraph cannot be read'));
    await vi.waitFor(() => expect(failed()).toHaveLength(1), SOON);
    expect(failed()[0]).toMatchObject({ level: 'warn', details: { subgraph: 'b' } });
    // Meanwhile another one changes.
    a.answer = 'type Query { a: Int fresh: Int }';
    await vi.waitFor(() => expect(followed.latest()).toContain('fresh: Int'), SOON);
    expect(followed.latest()).toContain('  b: Int');
    b.answer = (_request, response) => response.writeHead(500).end();
    const { asked } = b;
    await vi.waitFor(() => expect(b.asked).toBeGreaterThan(asked), SOON);
    b.answer = 'type Query { b: Int back: Int }';
    await vi.waitFor(() => expect(followed.latest()).toContain('back: Int'), SOON);
    expect(failed()).toHaveLength(1);
    expect(errors()).toEqual([]);
  });

  it('that do not compose any more are reported once, the supergraph stays, and every repair takes effect by itself', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', 'type Query { b: Int }');
    const followed = await follow(definitions(a, b));
    b.answer = 'type Query { b: Int a: Int }';
    await vi.waitFor(() => expect(errors()).toHaveLength(1), SOON);
    const asked = b.asked;
    await vi.waitFor(() => expect(b.asked).toBeGreaterThan(asked + 3), SOON);
    expect(errors()).toEqual(['The subgraphs could not be composed, the supergraph before serves on']);
    expect(followed.supergraphs).toHaveLength(1);
    // Taken back: nothing new to serve, but the operator hears of it.
    b.answer = 'type Query { b: Int }';
    await vi.waitFor(() => expect(seen.map(({ message }) => message)).toContain('The subgraphs compose again'), SOON);
    expect(followed.supergraphs).toHaveLength(1);
    b.answer = 'type Query { b: Int good: Int }';
    await vi.waitFor(() => expect(followed.latest()).toContain('good: Int'), SOON);
  });

  it('that published what does not compose do not stop a restart', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', 'type Query { b: Int }');
    const first = await follow(definitions(a, b));
    b.answer = 'type Query { b: Int a: Int }';
    await vi.waitFor(() => expect(errors()).toHaveLength(1), SOON);
    await first.stop();
    const second = await follow(definitions(a, b));
    expect(second.latest()).toBe(first.latest());
    expect(errors()).toContain('The subgraphs do not compose, starting with schemas of an earlier run');
    b.answer = 'type Query { b: Int good: Int }';
    await vi.waitFor(() => expect(second.latest()).toContain('good: Int'), SOON);
  });

  it('are asked less and less while they are down', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', 'type Query { b: Int }');
    await follow(definitions(a, b), { pollMs: 20 });
    b.answer = (_request, response) => response.writeHead(500).end();
    b.asked = 0;
    a.asked = 0;
    await vi.waitFor(() => expect(a.asked).toBeGreaterThan(60), SOON);
    expect(b.asked).toBeLessThan(a.asked / 3);
  });

  it('are not asked after cleanup, and none of it keeps a process alive', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const followed = await follow(definitions(a), { pollMs: 20 });
    await followed.stop();
    // What was under way arrives all the same.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { asked } = a;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(a.asked).toBe(asked);
  });

  it('end at once when they are stopped while one hangs', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const followed = await follow(definitions(a), { timeoutMs: 60_000 });
    a.answer = () => {};
    const { asked } = a;
    await vi.waitFor(() => expect(a.asked).toBeGreaterThan(asked), SOON);
    await followed.stop();
  });
});

describe('what is kept on disk', { timeout: 60_000 }, () => {
  it('belongs to a name and a URL, is written whole, and names no URL', async () => {
    const a = await service('a/../b', 'type Query { a: Int }');
    const first = await follow(definitions(a));
    await first.stop();
    const files = await readdir(join(folder, 'kept'));
    expect(files).toEqual([expect.stringMatching(/^a____b-[0-9a-f]{8}\.graphql$/)]);
    const text = await readFile(join(folder, 'kept', files[0]!), 'utf8');
    expect(text).toContain('type Query { a: Int }');
    expect(text).not.toContain('127.0.0.1');
    // The same name at another place was never seen.
    const other = await service('a/../b', 'type Query { a: Int }');
    await other.goDown();
    await expect(follow(definitions(other))).rejects.toMatchObject({ code: 'SUBGRAPH_SDL_UNAVAILABLE' });
  });

  it('is a convenience: a folder that cannot be written is reported once and costs nothing else', async () => {
    await writeFile(join(folder, 'file'), '');
    const a = await service('a', 'type Query { a: Int }');
    const followed = await follow(definitions(a), { keepIn: join(folder, 'file', 'kept') });
    a.answer = 'type Query { a: Int b: Int }';
    await vi.waitFor(() => expect(followed.latest()).toContain('b: Int'), SOON);
    expect(seen.filter(({ message }) => message === 'The schemas of subgraphs cannot be kept')).toHaveLength(1);
  });
});

describe('subgraphs in files', { timeout: 60_000 }, () => {
  const inFile = (name: string): SubgraphDefinition => ({
    name,
    url: `http://${name}.test`,
    schema: { kind: 'file', path: join(folder, `${name}.graphql`), shownAs: `${name}.graphql` },
  });

  it('are composed again when one changes; a mistake names its line', async () => {
    await writeFile(join(folder, 'a.graphql'), 'type Query { a: Int }');
    const followed = await follow([
      inFile('a'),
      { name: 'b', url: 'http://b', schema: { kind: 'sdl', sdl: 'type Query { b: Int }' } },
    ]);
    expect(followed.latest()).toContain('  b: Int');
    await writeFile(join(folder, 'a.graphql'), 'type Query {\n  a: Nothing }');
    await vi.waitFor(() => expect(errors()).toHaveLength(1), SOON);
    expect(seen.find(({ level }) => level === 'error')?.error).toMatchObject({
      problems: [{ places: [{ file: 'a.graphql', line: 2, column: 6 }] }],
    });
    await rm(join(folder, 'a.graphql'));
    await writeFile(join(folder, 'a.graphql'), 'type Query { a: Int again: Int }');
    await vi.waitFor(() => expect(followed.latest()).toContain('again: Int'), SOON);
  });

  it('that do not exist stop the start with their name', async () => {
    await expect(follow([inFile('a')])).rejects.toThrow('The schema of subgraph "a": a.graphql does not exist');
  });
});

describe('a list of subgraphs in a file', { timeout: 60_000 }, () => {
  it('is read again: subgraphs join, leave, move and change their names, and one that is down then keeps its schema', async () => {
    const a = await service('a', 'type Query { a: Int }');
    const b = await service('b', 'type Query { b: Int }');
    const file = join(folder, 'list.json');
    const save = (...list: SubgraphDefinition[]) => writeFile(file, JSON.stringify(list));
    const read = async (): Promise<SubgraphDefinition[]> =>
      JSON.parse(await readFile(file, 'utf8')) as SubgraphDefinition[];
    await save(a.definition);
    const followed = await follow({ file, read }, { keepIn: false });
    await save(a.definition, b.definition);
    await vi.waitFor(() => expect(followed.latest()).toContain('  b: Int'), SOON);
    // A list that cannot be read changes nothing.
    await writeFile(file, '{');
    await vi.waitFor(
      () => expect(errors()).toEqual(['The list of subgraphs is wrong, the old one stays in use']),
      SOON,
    );
    // Renamed while it is down.
    await b.goDown();
    await save(a.definition, { ...b.definition, name: 'renamed' });
    await vi.waitFor(() => expect(followed.latest()).toContain('RENAMED @join__graph'), SOON);
    expect(followed.latest()).toContain('  b: Int');
    await save({ ...a.definition, url: 'http://elsewhere.test' });
    await vi.waitFor(() => expect(followed.latest()).toContain('http://elsewhere.test'), SOON);
    expect(followed.latest()).not.toContain('  b: Int');
  });
});
