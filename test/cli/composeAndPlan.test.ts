import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { porticoCommand } from '../support/porticoCommand.js';
import { startSdlService } from '../support/sdlService.js';
import type { SdlService } from '../support/sdlService.js';

let folder: string;
let reviews: SdlService;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in the test's folder, as a user would. */
function portico(args: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [porticoCommand, ...args], { cwd: folder });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@override"])\n';
const accounts = `${link}type Query { me: User  again: User }
type User @key(fields: "id") { id: ID! name: String nick: String @shareable }`;

async function writeList(name: string, changes: Readonly<Record<string, string>> = {}): Promise<void> {
  const text = `federation_version: 2
subgraphs:
  accounts:
    routing_url: http://accounts.test/graphql
    schema:
      file: ${changes['file'] ?? './accounts.graphql'}
  reviews:
    schema:
      subgraph_url: ${changes['url'] ?? reviews.url}
  labels:
    routing_url: http://labels.test/graphql
    schema:
      sdl: |
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])
        type User @key(fields: "id") { id: ID! name: String @override(from: "accounts", label: "fast") }
`;
  await writeFile(join(folder, name), text);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-'));
  reviews = await startSdlService(
    'reviews',
    'type User @key(fields: "id") { id: ID! nick: String! @shareable reviews: [Review!]! } type Review { text: String secret: Int @inaccessible }',
  );
  await writeFile(join(folder, 'accounts.graphql'), accounts);
  await writeList('supergraph.yaml');
});
afterAll(async () => {
  await reviews.goDown();
  await rm(folder, { recursive: true, force: true });
});

describe('portico compose', { timeout: 60_000 }, () => {
  it("writes the supergraph of Rover's supergraph.yaml to a file, whole, and says what to look at", async () => {
    const { code, out, err } = await portico(['compose', '--output', 'graph.graphql']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(
      /^hint: accounts\.graphql:\d+:\d+: INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE .+\n {4}also at reviews:\d+:\d+$/m,
    );
    expect(await readFile(join(folder, 'graph.graphql'), 'utf8')).toContain('ACCOUNTS @join__graph(name: "accounts"');
    expect(await readdir(folder)).toEqual(['accounts.graphql', 'graph.graphql', 'supergraph.yaml']);
  });

  it('prints the schema of clients for tools', async () => {
    const { code, out } = await portico(['compose', '--api-schema']);
    expect(code).toBe(0);
    expect(out).toContain('type Review {\n  text: String\n}');
    expect(out).not.toMatch(/join__|@defer|secret/);
  });

  it('names every composition error at its place and exits with 1; as JSON for programs', async () => {
    await writeFile(join(folder, 'broken.graphql'), `${link}type Query {\n  me: Nobody\n}`);
    await writeList('broken.yaml', { file: './broken.graphql' });
    const [text, json] = await Promise.all([
      portico(['compose', '-c', 'broken.yaml']),
      portico(['compose', '-c', 'broken.yaml', '--json']),
    ]);
    expect([text.code, text.out]).toEqual([1, '']);
    expect(text.err).toBe('error: broken.graphql:3:7: INVALID_GRAPHQL [accounts] Unknown type Nobody\n');
    expect([json.code, json.err]).toEqual([1, '']);
    expect(JSON.parse(json.out)).toMatchObject({
      errors: [
        { code: 'INVALID_GRAPHQL', places: [{ subgraph: 'accounts', file: 'broken.graphql', line: 3, column: 7 }] },
      ],
      hints: [],
    });
  });

  it('names the line of a mistake in the list, and the subgraph that cannot be asked', async () => {
    await writeList('missing.yaml', { file: './nothing.graphql' });
    await writeList('down.yaml', { url: 'http://127.0.0.1:1/graphql' });
    const [missing, down, none] = await Promise.all([
      portico(['compose', '-c', 'missing.yaml']),
      portico(['compose', '-c', 'down.yaml']),
      portico(['compose', '-c', 'no.yaml']),
    ]);
    expect([missing.code, down.code, none.code]).toEqual([1, 1, 1]);
    expect(missing.err).toMatch(
      /^error: missing\.yaml:6:13: subgraphs\.accounts\.schema\.file names a file that does not exist/,
    );
    expect(down.err).toBe(
      'error: the schema of subgraph "reviews": http://127.0.0.1:1/graphql cannot be reached (ECONNREFUSED)\n',
    );
    expect(none.err).toBe('error: no.yaml: does not exist\n');
  });
});

describe('portico plan', { timeout: 60_000 }, () => {
  const plan = (args: readonly string[], query: string) =>
    portico(['plan', '--supergraph', 'graph.graphql', '--query', '-', ...args], query);

  it('shows the plan, and as how many requests it is sent', async () => {
    const query = '{ me { name reviews { text } } again { reviews { text } } }';
    const { code, out } = await plan([], query);
    expect(code).toBe(0);
    expect(out).toMatch(/^QueryPlan \{\n/);
    expect(out).toMatch(/\n\n2 subgraph requests for 3 fetches \(accounts 1, reviews 1\) in 2 round trips\.\n$/);
  });

  it('is JSON on request, with override labels that are on', async () => {
    const { code, out, err } = await plan(['--json', '--label', 'fast', '--label', 'none'], 'query A { me { name } }');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      operationName: 'A',
      labels: ['fast'],
      requests: { total: 2, bySubgraph: { accounts: 1, labels: 1 }, rounds: 2 },
      plan: { node: { kind: 'Sequence' } },
    });
    expect(err).toBe('hint: the operation meets no field with the label "none"\n');
  });

  it('says at which line a query is wrong, and which operation it could plan', async () => {
    const [wrong, several] = await Promise.all([
      plan([], '{\n  me { nam } }'),
      plan([], 'query A { me { id } } query B { me { id } }'),
    ]);
    expect([wrong.code, several.code]).toEqual([1, 1]);
    expect(wrong.err).toBe(
      'error: standard input:2:8: Cannot query field "nam" on type "User". Did you mean "name"?\n',
    );
    expect(several.err).toBe('error: standard input: has several operations; say which by --operation (A, B)\n');
  });
});

describe('portico', { timeout: 60_000 }, () => {
  it('helps: commands with examples, and a guess for one that does not exist', async () => {
    const [help, composeHelp, wrong] = await Promise.all([
      portico(['--help']),
      portico(['compose', '--help']),
      portico(['composr']),
    ]);
    expect([help.code, composeHelp.code, wrong.code]).toEqual([0, 0, 1]);
    expect(help.out).toMatch(/start .*\n[\s\S]*compose [\s\S]*plan [\s\S]*Examples:\n {2}\$ portico/);
    expect(composeHelp.out).toMatch(/Examples:[\s\S]*subgraph_url[\s\S]*Exit codes: 0/);
    expect(wrong.err).toContain("unknown command 'composr'\n(Did you mean compose?)");
  });
});
