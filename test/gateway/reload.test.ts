import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApolloServer } from '@apollo/server';
import type { ApolloServerPlugin } from '@apollo/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { PorticoError } from '../../src/base/errors/PorticoError.js';
import { notices } from '../../src/base/telemetry/channels.js';
import type { Notice } from '../../src/base/telemetry/channels.js';
import { assembleGateway } from '../../src/gateway/createGateway.js';
import type { Generation } from '../../src/gateway/generation.js';
import { Generations } from '../../src/gateway/reload.js';
import { fileSource } from '../../src/supergraph/sources/fileSource.js';
import type { SupergraphSource } from '../../src/supergraph/sources/SupergraphSource.js';
import { fakeGeneration } from '../support/fakeGateway.js';

const ONE = 'type Query { version: Int  old: Int }';
const TWO = 'type Query { version: Int  new: Int }';
const rootFor = (sdl: string) => ({ rootValue: { version: sdl === ONE ? 1 : 2, old: 10, new: 20 } });

let seen: Notice[];
let stopListening: () => void;
beforeEach(() => {
  seen = [];
  stopListening = notices.subscribe((notice) => seen.push(notice));
});
afterEach(() => stopListening());

/** A source whose updates the test sends. */
function manualSource(first = ONE) {
  let send: (sdl: string) => void = () => {};
  const source: SupergraphSource = {
    async initialize({ update }) {
      send = update;
      return { supergraphSdl: first };
    },
  };
  return { source, send: (sdl: string) => send(sdl) };
}

function gatewayOn(source: SupergraphSource | string, generations: Generation[] = []) {
  return assembleGateway({
    source,
    drainMs: 60_000,
    async build(sdl) {
      if (sdl.includes('broken')) throw new PorticoError('SUPERGRAPH_INVALID', 'broken on purpose');
      const generation = fakeGeneration(sdl, rootFor(sdl));
      generations.push(generation);
      return generation;
    },
  });
}

async function ask(server: ApolloServer, query: string): Promise<unknown> {
  const { body } = await server.executeOperation({ query });
  if (body.kind !== 'single') throw new Error('not a single answer');
  return JSON.parse(JSON.stringify(body.singleResult));
}

describe('a gateway that reloads', () => {
  it('serves the new supergraph after an update, and tells every server', async () => {
    const { source, send } = manualSource();
    const gateway = gatewayOn(source);
    const first = new ApolloServer({ gateway });
    const second = new ApolloServer({ gateway });
    await first.start();
    await second.start();
    expect(await ask(first, '{ version old }')).toEqual({ data: { version: 1, old: 10 } });
    send(TWO);
    await vi.waitFor(async () =>
      expect(await ask(first, '{ version new }')).toEqual({ data: { version: 2, new: 20 } }),
    );
    expect(await ask(second, '{ version new }')).toEqual({ data: { version: 2, new: 20 } });
    // The first server that stops leaves the other one serving.
    await first.stop();
    expect(await ask(second, '{ version }')).toEqual({ data: { version: 2 } });
    await second.stop();
  });

  it('runs a document on the generation that validated it, whenever the reload comes (RELOAD-03)', async () => {
    const hooks = [
      'parsingDidStart',
      'validationDidStart',
      'didResolveOperation',
      'responseForOperation',
      'executionDidStart',
    ];
    for (const hook of hooks) {
      const { source, send } = manualSource();
      const generations: Generation[] = [];
      const gateway = gatewayOn(source, generations);
      let reload = true;
      const reloading: ApolloServerPlugin = {
        requestDidStart: async () => ({
          [hook]: async () => {
            if (!reload) return;
            reload = false;
            send(TWO);
            await vi.waitFor(() => expect(generations).toHaveLength(2));
            await vi.waitFor(() => expect(seen.some(({ message }) => message.includes('replaced'))).toBe(true));
          },
        }),
      };
      const server = new ApolloServer({ gateway, plugins: [reloading] });
      await server.start();
      expect([hook, await ask(server, '{ version old }')]).toEqual([hook, { data: { version: 1, old: 10 } }]);
      expect(reload).toBe(false);
      expect(await ask(server, '{ version new }')).toEqual({ data: { version: 2, new: 20 } });
      await server.stop();
      seen.length = 0;
    }
  });

  it.each([
    ['one that cannot be read', 'broken'],
    ['an empty one', '  \n'],
    ['an HTML page', '<!DOCTYPE html><html>502</html>'],
  ])('refuses %s, says so once, and serves on (RELOAD-02)', async (_name, sdl) => {
    const { source, send } = manualSource();
    const gateway = gatewayOn(source);
    const server = new ApolloServer({ gateway });
    await server.start();
    send(sdl);
    await vi.waitFor(() => expect(seen.filter(({ level }) => level === 'error')).toHaveLength(1));
    expect(gateway.isReady()).toBe(true);
    expect(await ask(server, '{ version }')).toEqual({ data: { version: 1 } });
    // Repaired by the same text as before, then by a new one.
    send(ONE);
    send(TWO);
    await vi.waitFor(async () => expect(await ask(server, '{ version }')).toEqual({ data: { version: 2 } }));
    await server.stop();
  });

  it('does not start on a supergraph that is refused, and says why', async () => {
    const gateway = gatewayOn('type Query { broken: Int }');
    const server = new ApolloServer({ gateway, logger: { ...console, error() {} } });
    await expect(server.start()).rejects.toThrow('broken on purpose');
    expect(gateway.isReady()).toBe(false);
  });

  it('closes a replaced generation after its last execution, not before', async () => {
    const generations = new Generations({
      drainMs: 10,
      onSwap: () => {},
      build: async (sdl) => fakeGeneration(sdl),
    });
    await generations.install(ONE);
    const old = generations.current as Generation & { closed: boolean };
    const served = generations.find(old.supergraph.apiSchema)!;
    generations.enter(served);
    await generations.install(TWO);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(old.closed).toBe(false);
    generations.leave(served);
    expect(old.closed).toBe(true);
    await generations.stop();
  });

  it('never lets a late build replace a newer one, and closes the late one', async () => {
    const release: Record<string, () => void> = {};
    const built: Record<string, Generation & { closed: boolean }> = {};
    const generations = new Generations({
      onSwap: () => {},
      build: (sdl) =>
        new Promise((resolve) => {
          release[sdl] = () => resolve((built[sdl] = fakeGeneration(sdl)));
        }),
    });
    const slow = generations.install(ONE);
    const fast = generations.install(TWO);
    release[TWO]!();
    expect(await fast).toBe('swapped');
    release[ONE]!();
    expect(await slow).toBe('superseded');
    expect(generations.current).toBe(built[TWO]);
    expect(built[ONE]!.closed).toBe(true);
    expect(await generations.install(TWO)).toBe('unchanged');
    await generations.stop();
    expect(built[TWO]!.closed).toBe(true);
  });

  it('builds two at a time, then the last that was offered, and nothing that came between', async () => {
    const begun: string[] = [];
    const release: Array<() => void> = [];
    const generations = new Generations({
      onSwap: () => {},
      build: (sdl) =>
        new Promise((resolve) => {
          begun.push(sdl);
          release.push(() => resolve(fakeGeneration(sdl)));
        }),
    });
    const texts = Array.from({ length: 6 }, (_, n) => `type Query { f${n}: Int }`);
    const offers = texts.map((sdl) => generations.install(sdl));
    expect(begun).toEqual(texts.slice(0, 2));
    expect(await Promise.all(offers.slice(2, 5))).toEqual(['superseded', 'superseded', 'superseded']);
    release[0]!();
    expect(await offers[0]).toBe('swapped');
    release[1]!();
    expect(await offers[1]).toBe('swapped');
    expect(begun).toEqual([...texts.slice(0, 2), texts[5]]);
    release[2]!();
    expect(await offers[5]).toBe('swapped');
    expect(generations.current?.supergraph.sdl).toBe(texts[5]);
    await generations.stop();
  });

  it('builds nothing any more once it stops', async () => {
    const begun: string[] = [];
    const generations = new Generations({
      onSwap: () => {},
      build: (sdl) => {
        begun.push(sdl);
        return new Promise(() => {});
      },
    });
    const offers = ['a', 'b', 'c'].map((name) => generations.install(`type Query { ${name}: Int }`));
    await generations.stop();
    expect(await offers[2]).toBe('superseded');
    expect(begun).toHaveLength(2);
  });

  it('keeps few replaced generations however often it reloads (RELOAD-07)', async () => {
    const built: (Generation & { closed: boolean })[] = [];
    const generations = new Generations({
      drainMs: 60_000,
      onSwap: () => {},
      build: async (sdl) => {
        const generation = fakeGeneration(sdl);
        built.push(generation);
        return generation;
      },
    });
    for (let n = 0; n < 100; n++) await generations.install(`type Query { f${n}: Int }`);
    expect(built.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(4);
    await generations.stop();
    expect(built.filter(({ closed }) => !closed)).toEqual([]);
  });
});

describe('a supergraph in a file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-'));
    file = join(folder, 'supergraph.graphql');
    await writeFile(file, ONE);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['rewritten', () => writeFile(file, TWO)],
    [
      'replaced by renaming',
      async () => {
        await writeFile(`${file}.new`, TWO);
        await rename(`${file}.new`, file);
      },
    ],
    [
      'removed and made again',
      async () => {
        await rm(file);
        await new Promise((resolve) => setTimeout(resolve, 150));
        await writeFile(file, TWO);
      },
    ],
  ])('is read again when it is %s', async (_name, change) => {
    const gateway = gatewayOn(fileSource(file, { debounceMs: 20, pollMs: 100 }));
    const server = new ApolloServer({ gateway });
    await server.start();
    expect(await ask(server, '{ version }')).toEqual({ data: { version: 1 } });
    await change();
    await vi.waitFor(async () => expect(await ask(server, '{ version }')).toEqual({ data: { version: 2 } }), 10_000);
    expect(seen.filter(({ level }) => level === 'error')).toEqual([]);
    await server.stop();
  });

  it('that does not exist stops the start with its name', async () => {
    const gateway = gatewayOn(fileSource(join(folder, 'nothing.graphql')));
    await expect(gateway.load({ apollo: {} })).rejects.toThrow(/nothing\.graphql does not exist/);
  });

  it('tells nobody about changes after cleanup', async () => {
    const updates: string[] = [];
    const { cleanup } = await fileSource(file, { debounceMs: 10, pollMs: 20 }).initialize({
      update: (sdl) => updates.push(sdl),
    });
    await cleanup!();
    await writeFile(file, TWO);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(updates).toEqual([]);
  });
});
