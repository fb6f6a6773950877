import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Command } from 'commander';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addComposeCommand } from '../../src/cli/commands/compose.js';
import { addConfigCommand } from '../../src/cli/commands/config.js';
import { addConnectCommand } from '../../src/cli/commands/connect.js';
import { addDevCommand } from '../../src/cli/commands/dev.js';
import { addImportCommand } from '../../src/cli/commands/import.js';
import { addKeysCommand } from '../../src/cli/commands/keys.js';
import { addMockCommand } from '../../src/cli/commands/mock.js';
import { addPlanCommand } from '../../src/cli/commands/plan.js';
import { addStartCommand } from '../../src/cli/commands/start.js';
import { addSubgraphCommand } from '../../src/cli/commands/subgraph.js';
import { docBlocks, following, marked, pages, placeOf, readPage } from '../support/docBlocks.js';
import { porticoCommand } from '../support/porticoCommand.js';

let folder: string;

function portico(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [porticoCommand, ...args], { cwd: folder });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end();
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

/** The files that docs/getting-started.md lets the reader write. */
const files = docBlocks('docs/getting-started.md').filter(({ options }) => options.has('file'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-docs-'));
  for (const { options, text } of files) await writeFile(join(folder, options.get('file')!), `${text}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the commands of the pages, in the folder that the reader has by then', { timeout: 120_000 }, () => {
  for (const block of marked('run')) {
    it(`succeed, with what stands below: ${placeOf(block)}`, async () => {
      const [name, ...args] = block.text.split(' ');
      expect(name).toBe('portico');
      const { code, out, err } = await portico(args);
      expect([code, err]).toEqual([0, '']);
      const output = following(block, 'output');
      if (output !== undefined) expect(out.trimEnd()).toBe(output.text);
    });
  }

  it('write a client schema that code generators can read', async () => {
    expect(buildSchema(await readFile(join(folder, 'schema.graphql'), 'utf8')).getType('Review')).toBeDefined();
  });

  it('make, show, rotate and revoke keys of API clients', async () => {
    const config = docBlocks('docs/auth.md').find(({ text }) => text.includes('api_keys:'))!;
    const [block] = marked('keys');
    const before = await readFile(join(folder, 'portico.yaml'), 'utf8');
    await writeFile(join(folder, 'portico.yaml'), config.text);
    const said: string[] = [];
    for (const line of block!.text.split('\n')) {
      const { code, out } = await portico(line.split(' ').slice(1));
      expect([line, code]).toEqual([line, 0]);
      said.push(out);
    }
    await writeFile(join(folder, 'portico.yaml'), before);
    const [made, listed, rotated] = said;
    expect(made).toMatch(/^ptk_/m);
    expect(listed).toContain('shop-app  plan pro  scopes read:stock');
    expect(rotated).toMatch(/^ptk_/m);
  });

  it('tell a mistake as the page shows it', async () => {
    const text = await readFile(join(folder, 'reviews.graphql'), 'utf8');
    const wrong = text.replace('stars: Int!', 'stars: Int! product: Product @nothing');
    await writeFile(join(folder, 'reviews.graphql'), wrong);
    const { code, err } = await portico(['compose']);
    await writeFile(join(folder, 'reviews.graphql'), text);
    expect([code, readPage('docs/getting-started.md').includes(err.trim())]).toEqual([1, true]);
  });
});

describe('every command line on the pages', () => {
  const program = new Command('portico');
  for (const add of [
    addStartCommand,
    addSubgraphCommand,
    addDevCommand,
    addComposeCommand,
    addPlanCommand,
    addMockCommand,
    addConfigCommand,
    addImportCommand,
    addConnectCommand,
    addKeysCommand,
  ])
    add(program);
  const scripts = Object.keys(
    (JSON.parse(readPage('package.json')) as { readonly scripts: Record<string, string> }).scripts,
  );
  const texts = [
    ...pages,
    'docs/configuration.md',
    'docs/migrate-from-apollo-gateway.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'bench/README.md',
  ].map((page) => ({
    page,
    text: readPage(page),
  }));

  it('names commands and flags that exist', () => {
    const lines = texts.flatMap(({ page, text }) =>
      [...text.matchAll(/(?:^|`|&& |\$ )portico ((?:start|dev|compose|plan|config|keys)\b[^`\n]*)/gm)].map((match) => ({
        page,
        words: match[1]!.split(/\s+/),
      })),
    );
    expect(lines.length).toBeGreaterThan(10);
    const unknown = lines.flatMap(({ page, words }) => {
      let command = program;
      for (const word of words) command = command.commands.find((each) => each.name() === word) ?? command;
      const known = command.options.flatMap(({ long, short }) => [long, short]);
      const flags = words.filter((word) => word.startsWith('-')).map((word) => word.replace(/[.,;:]+$/, ''));
      return flags.filter((flag) => flag !== '--help' && !known.includes(flag)).map((flag) => `${page}: ${flag}`);
    });
    expect(unknown).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = texts.flatMap(({ text }) => [
      ...[...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map((match) => match[1]!),
      ...[...text.matchAll(/npm (start|test)\b/g)].map((match) => match[1]!),
    ]);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});
