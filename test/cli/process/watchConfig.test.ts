import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { loadConfig } from '../../../src/base/config/loadConfig.js';
import type { LoadedConfig } from '../../../src/base/config/loadConfig.js';
import { notices } from '../../../src/base/telemetry/channels.js';
import type { Notice } from '../../../src/base/telemetry/channels.js';
import { Failure } from '../../../src/cli/Failure.js';
import { watchConfig } from '../../../src/cli/process/watchConfig.js';

const FIRST = 'supergraph: { file: supergraph.graphql }\n';
const WAIT = { timeout: 20_000 };

describe('reload of the configuration (RELOAD-04)', () => {
  let folder: string;
  let file: string;
  let told: Notice[];
  let applied: LoadedConfig[];
  let failWith: Error | undefined;
  let stop: () => void;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-reload-'));
    file = join(folder, 'portico.yaml');
    writeFileSync(join(folder, 'supergraph.graphql'), 'type Query { a: Int }');
    writeFileSync(file, FIRST);
    told = [];
    applied = [];
    failWith = undefined;
    const unsubscribe = notices.subscribe((notice) => void told.push(notice));
    const load = () => loadConfig({ file });
    const apply = async (next: LoadedConfig): Promise<void> => {
      if (failWith !== undefined) throw failWith;
      applied.push(next);
    };
    const watcher = watchConfig(load().loaded!, { load, apply });
    stop = () => {
      watcher.close();
      unsubscribe();
      rmSync(folder, { recursive: true });
    };
  });
  afterEach(() => stop());

  const saidAfter = async (text: string): Promise<Notice> => {
    writeFileSync(file, text);
    return vi.waitFor(() => {
      const last = told.at(-1);
      if (last === undefined) throw new Error('nothing said yet');
      return last;
    }, WAIT);
  };

  test('a valid change is applied', async () => {
    const notice = await saidAfter(`${FIRST}limits: { max_depth: 3 }\n`);
    expect(notice).toMatchObject({ level: 'info', message: 'The configuration was replaced' });
    expect(applied.map(({ config }) => config.limits.maxDepth)).toEqual([3]);
  });

  test('a file with mistakes is refused as a whole, with all of them, and the gateway is left alone', async () => {
    const notice = await saidAfter(`${FIRST}limits: { max_depth: 0 }\nsever: {}\n`);
    expect(notice).toMatchObject({
      level: 'error',
      details: {
        problems: [
          `${file}:2:22: limits.max_depth must be a whole number from 1 to 200, got 0`,
          `${file}:3:1: sever is not a setting (did you mean server?)`,
        ],
      },
    });
    expect(applied).toEqual([]);
  });

  test('what cannot be applied is refused, and the next change is taken', async () => {
    failWith = new Failure(['a.yaml:1:1: no']);
    expect(await saidAfter(`${FIRST}limits: { max_depth: 3 }\n`)).toMatchObject({
      level: 'error',
      details: { problems: ['a.yaml:1:1: no'] },
    });
    failWith = undefined;
    told.length = 0;
    await saidAfter(`${FIRST}limits: { max_depth: 4 }\n`);
    expect(applied.map(({ config }) => config.limits.maxDepth)).toEqual([4]);
  });

  test('a changed module is loaded anew, with the same configuration or another one', async () => {
    const [one, other] = [join(folder, 'one.js'), join(folder, 'other.js')];
    writeFileSync(one, '');
    writeFileSync(other, '');
    await saidAfter(`${FIRST}subgraphs: { stock: { module: one.js } }\n`);
    told.length = 0;
    writeFileSync(one, '// changed');
    await vi.waitFor(() => expect(told).toHaveLength(1), WAIT);
    expect(told[0]).toMatchObject({ level: 'info', message: 'What the configuration names was loaded anew' });
    expect(applied.map(({ config }) => config.subgraphs['stock']?.module)).toEqual([one, one]);
    told.length = 0;
    await saidAfter(`${FIRST}subgraphs: { stock: { module: other.js } }\n`);
    told.length = 0;
    writeFileSync(other, '// changed');
    await vi.waitFor(() => expect(told).toHaveLength(1), WAIT);
    expect(applied.map(({ config }) => config.subgraphs['stock']?.module)).toEqual([one, one, other, other]);
  });

  test('settings that need a restart are named', async () => {
    writeFileSync(file, `${FIRST}server: { port: 1 }\n`);
    await vi.waitFor(() => expect(told).toHaveLength(2), WAIT);
    expect(told[1]).toMatchObject({ level: 'warn', details: { settings: ['server.port'] } });
  });
});
