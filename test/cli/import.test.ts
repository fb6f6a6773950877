import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runPortico } from '../support/runPortico.js';
import { PET_SHOP } from './openapi/documents.js';

describe('portico import openapi', { timeout: 120_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-import-'));
    writeFileSync(join(folder, 'pets.yaml'), PET_SHOP);
    writeFileSync(join(folder, 'old.yaml'), 'swagger: "2.0"\ninfo: { title: x, version: "1" }\npaths: {}\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    const running = runPortico(['import', 'openapi', ...args], folder);
    const code = await running.exit;
    return { code, output: running.output() };
  }

  test('writes a file, and says what it chose', async () => {
    const { code, output } = await run(
      'pets.yaml',
      '--output',
      'pets.graphql',
      '--name',
      'pets',
      '--url',
      'https://pets.local/api',
    );
    expect(code).toBe(0);
    expect(output).toContain(
      'note: GET /pets/{petId}: the path parameter "petId" is the argument "id", the key of Pet\n',
    );
    expect(output).toContain('pets.graphql: 5 fields with connectors\n');
    const sdl = readFileSync(join(folder, 'pets.graphql'), 'utf8');
    expect(sdl).toContain('name: "pets"');
    expect(sdl).toContain('baseURL: "https://pets.local/api"');
  });

  test('fails for what is no document, and for flags that make no sense', async () => {
    const old = await run('old.yaml');
    expect([old.code, old.output]).toEqual([1, expect.stringContaining('old.yaml is no OpenAPI 3.0 or 3.1 document')]);
    expect((await run('gone.yaml')).code).toBe(1);
    expect((await run('pets.yaml', '--url', 'ftp://x')).output).toContain('It begins with http:// or https://');
    expect((await run('pets.yaml', '--name', '1 2')).output).toContain('beginning with a letter');
  });
});
