import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readWarmupFile, writeWarmupFile } from '../../../src/engine/plan/warmupFile.js';

let folder: string;
let path: string;
let warnings: string[];
const read = () => readWarmupFile(path, (message) => warnings.push(message));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-warmup-'));
  path = join(folder, 'warmup.json');
  warnings = [];
});
afterEach(() => rm(folder, { recursive: true }));

describe('the warm-up file', () => {
  it('gives back what was written, readable by its owner alone, and leaves no other file', async () => {
    const operations = [
      { text: '{ a }', labels: [] },
      { text: '{ b }', labels: ['percent(5)'] },
    ];
    await writeWarmupFile(path, [{ text: '{ old }', labels: [] }]);
    await writeWarmupFile(path, operations);
    expect(await read()).toEqual(operations);
    expect(await readdir(folder)).toEqual(['warmup.json']);
    expect((await stat(path)).mode & 0o077).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('is an empty list when there is none', async () => {
    expect(await read()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it.each([
    '',
    '{"version":1,"opera',
    '[]',
    'null',
    '{"version":2,"operations":[]}',
    '{"version":1,"operations":[{"text":1}]}',
  ])('is ignored with a warning when it is %j', async (content) => {
    await writeFile(path, content);
    expect(await read()).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(path);
  });

  it('stays within its bounds: the hottest are kept', async () => {
    const long = 'x'.repeat(1024 * 1024);
    await writeWarmupFile(
      path,
      Array.from({ length: 20 }, (_, at) => ({ text: `${at}${long}`, labels: [] })),
    );
    expect((await readFile(path)).length).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect((await read()).map(({ text }) => text[0])).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    await writeFile(path, 'x'.repeat(9 * 1024 * 1024));
    expect(await read()).toEqual([]);
    expect(warnings[0]).toContain('bytes');
  });

  it('leaves no temporary file when it cannot be written', async () => {
    await expect(writeWarmupFile(join(folder, 'missing', 'file.json'), [])).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
  });
});
