import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runPortico } from '../support/runPortico.js';

describe('portico keys', { timeout: 120_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portico-keys-command-'));
    const pepper = 'a pepper of at least thirty-two characters';
    writeFileSync(
      join(folder, 'portico.yaml'),
      `supergraph: { subgraphs: { a: { routing_url: "http://a/", schema: { sdl: "type Query" } } } }\nauthentication: { api_keys: { pepper: "${pepper}", file: keys.json } }\n`,
    );
    writeFileSync(
      join(folder, 'none.yaml'),
      'supergraph: { subgraphs: { a: { routing_url: "http://a/", schema: { sdl: "type Query" } } } }\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function keys(...args: string[]): Promise<{ readonly code: number | null; readonly output: string }> {
    const running = runPortico(['keys', ...args], folder);
    const code = await running.exit;
    return { code, output: running.output() };
  }

  test('prints a key once; the list and the file never show it', async () => {
    const made = await keys('create', 'shop-app', '--plan', 'pro', '--scope', 'a', '--scope', 'b', '--expires', '90d');
    expect(made.code).toBe(0);
    const key = /^(ptk_([0-9a-f]{12})_[\w-]{43})$/m.exec(made.output)!;
    const rotated = await keys('rotate', 'shop-app', '--json');
    const next = JSON.parse(rotated.output) as { readonly key: string; readonly id: string };
    const listed = await keys('list');
    expect(listed.output).toMatch(/^shop-app {2}plan pro {2}scopes a b\n {2}[0-9a-f]{12} {2}made .+ {2}ends never /);
    for (const id of [key[2]!, next.id]) expect(listed.output).toContain(id);
    const file = readFileSync(join(folder, 'keys.json'), 'utf8');
    for (const secret of [key[1]!.slice(17), next.key.slice(17)]) {
      expect(listed.output).not.toContain(secret);
      expect(file).not.toContain(secret);
    }
    expect((await keys('disable', 'shop-app')).output).toContain('consumer shop-app is disabled');
    expect((await keys('list', '--json')).output).toContain('"disabled":true');
    expect((await keys('revoke', 'shop-app')).code).toBe(0);
    expect((await keys('list')).output).toBe('There are no consumers yet.\n');
  });

  test.each<[readonly string[], string]>([
    [['rotate', 'nobody'], 'error: there is no consumer nobody'],
    [['create', 'no spaces'], 'error: a consumer is named with letters, digits and . @ _ -'],
    [['create', 'a', '--scope', 'x y'], 'error: a scope has no spaces'],
    [['create', 'a', '--expires', '90'], 'Write a number with a unit'],
    [['list', '-c', 'none.yaml'], 'authentication.api_keys does not say where keys are kept'],
    [['list', '-c', 'missing.yaml'], 'missing.yaml'],
  ])('%j fails and says why', async (args, message) => {
    const { code, output } = await keys(...args);
    expect([code, output]).toEqual([1, expect.stringContaining(message)]);
  });
});
