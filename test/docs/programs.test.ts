import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { gql } from '@apollo/client';
import type { ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import { generate } from '@graphql-codegen/cli';
import type { CodegenConfig } from '@graphql-codegen/cli';
import type { Client as UrqlClient } from '@urql/core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { docBlocks, following, marked, pages, placeOf, root } from '../support/docBlocks.js';
import type { DocBlock } from '../support/docBlocks.js';
import { movedTo } from '../../subgraphs/startSubgraphs.js';
import { startDemoGraph } from '../support/startDemoGraph.js';
import type { DemoGraph } from '../support/startDemoGraph.js';

const programs = pages.flatMap(docBlocks).filter(({ language }) => language === 'ts');
/** Inside the project, so that packages are found. */
let folder: string;
let demo: DemoGraph;
const stops: Array<() => Promise<unknown>> = [];

beforeAll(async () => {
  await mkdir(join(root, '.cache'), { recursive: true });
  folder = await mkdtemp(join(root, '.cache/docs-'));
  demo = await startDemoGraph();
});
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
  await demo.close();
  await rm(folder, { recursive: true, force: true });
});

function only(mark: string): DocBlock {
  const found = marked(mark);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** Writes it as a module over our sources, with `changes` for what the reader's machine has and ours has not. */
async function load(block: DocBlock, changes: Readonly<Record<string, string>> = {}, more = ''): Promise<unknown> {
  let text = block.text
    .replaceAll("'portico'", `'${relative(folder, join(root, 'src/index.js'))}'`)
    .replaceAll("'portico/testing/vitest'", `'${relative(folder, join(root, 'src/testing/vitest.js'))}'`)
    .replaceAll("'portico/testing'", `'${relative(folder, join(root, 'src/testing/index.js'))}'`);
  for (const [from, to] of Object.entries(changes)) {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  const file = join(folder, `run-${block.page.replaceAll(/\W/g, '-')}-${block.line}.ts`);
  await writeFile(file, `${text}\n${more}`);
  return import(/* @vite-ignore */ pathToFileURL(file).href);
}

describe('programs on the pages', { timeout: 120_000 }, () => {
  it('fit the public types', async () => {
    const names = await Promise.all(
      programs.map(async ({ text, page, line }) => {
        const file = join(folder, `types-${page.replaceAll(/\W/g, '-')}-${line}.ts`);
        await writeFile(file, text);
        return file;
      }),
    );
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { config: object };
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: names }, ts.sys, root);
    const program = ts.createProgram(names, { ...options, noEmit: true, types: ['node'] });
    const problems = names.flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)));
    expect(names.length).toBeGreaterThan(3);
    expect(
      problems.map(({ file, messageText }) => `${file?.fileName} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
    ).toEqual([]);
  });

  it('every one is run below, or only typed', () => {
    expect(pages.flatMap(docBlocks).filter(({ language }) => language === 'js')).toEqual([]);
    const known = ['typed', 'rest-code', 'server', 'testing', 'kit', 'apollo-client', 'urql', 'relay', 'codegen'];
    expect(programs.filter(({ marks }) => !known.some((mark) => marks.has(mark))).map(placeOf)).toEqual([]);
  });

  it.each(marked('testing').map((block) => [placeOf(block), block] as const))('print: %s', async (_place, block) => {
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => void lines.push(values.join(' ')));
    await load(block);
    expect(lines.join('\n')).toBe(following(block, 'printed')!.text);
  });

  it('pass under node:test, and leave nothing that keeps the process alive', async () => {
    const kit = relative(folder, join(root, 'src/testing/index.js'));
    const text = only('kit').text.replaceAll("'portico/testing'", `'${kit}'`);
    expect(text).toContain("from 'vitest'");
    const file = join(folder, 'kit.test.ts');
    await writeFile(file, text.replace("from 'vitest'", "from 'node:test'"));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--test-reporter=tap', file], {
      cwd: root,
    });
    expect(stdout).toMatch(/^# pass 1$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it('put the gateway into an Apollo Server', async () => {
    const committed = await readFile(join(root, 'schema/supergraph.graphql'), 'utf8');
    const sdl = movedTo(demo.subgraphs.urls, committed);
    const file = join(folder, 'supergraph.graphql');
    await writeFile(file, sdl);
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const changes = { "'supergraph.graphql'": JSON.stringify(file), 'port: 4000': 'port: 0' };
    const { server, url } = (await load(only('server'), changes, 'export { server, url };')) as {
      readonly server: { stop(): Promise<void> };
      readonly url: string;
    };
    stops.push(() => server.stop());
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ me { name nearestWarehouse { name } } }' }),
    });
    expect(await response.json()).toEqual({
      data: { me: { name: 'Ada Lindqvist', nearestWarehouse: { name: 'Stockholm North' } } },
    });
  });

  describe('are clients that keep the data of a partial answer:', () => {
    const text = '{ topProducts(first: 1) { name averageRating } }';
    const partial = { topProducts: [{ name: 'Paper filters, 100', averageRating: null }] };
    beforeAll(() => demo.subgraphs.toggle('reviews'));
    afterAll(() => demo.subgraphs.toggle('reviews'));

    it('Apollo Client', async () => {
      const changes = { 'http://127.0.0.1:4000/graphql': demo.url };
      const { client } = (await load(only('apollo-client'), changes)) as { client: ApolloClient };
      const { data, error } = await client.query({ query: gql(text) });
      expect(data).toMatchObject(partial);
      expect((error as CombinedGraphQLErrors).errors[0]?.extensions?.['code']).toBe('SUBREQUEST_HTTP_ERROR');
      client.stop();
    });

    it('urql', async () => {
      const changes = { 'http://127.0.0.1:4000/graphql': demo.url };
      const { client } = (await load(only('urql'), changes)) as { client: UrqlClient };
      const { data, error } = await client.query(text, {}).toPromise();
      expect(data).toMatchObject(partial);
      expect(error?.graphQLErrors[0]?.extensions['code']).toBe('SUBREQUEST_HTTP_ERROR');
    });
  });

  it("are Relay's network function", async () => {
    const changes = { 'http://127.0.0.1:4000/graphql': demo.url };
    const { fetchGraphQL } = (await load(only('relay'), changes)) as {
      fetchGraphQL(operation: { text: string }, variables: object): Promise<unknown>;
    };
    const answer = await fetchGraphQL({ text: 'query ($id: ID!) { product(id: $id) { id } }' }, { id: 'p1' });
    expect(answer).toEqual({ data: { product: { id: 'p1' } } });
  });

  it('configure GraphQL Code Generator', async () => {
    const { default: config } = (await load(only('codegen'))) as { readonly default: CodegenConfig };
    const reader = join(folder, 'reader');
    await mkdir(reader);
    await writeFile(join(reader, 'schema.graphql'), await readFile(join(root, 'schema/api.graphql'), 'utf8'));
    await generate({ ...config, cwd: reader, silent: true }, true);
    expect(await readdir(join(reader, 'app/generated'))).toContain('graphql.ts');
  });
});
