import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { composeOnce } from '../../src/testing/prepareGraph.js';
import type { RestSubgraphDefinition } from '../../src/index.js';
import { docBlocks, root } from '../support/docBlocks.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { startLibraryServer } from '../support/libraryServer.js';
import { porticoCommand } from '../support/porticoCommand.js';
import { startRestService } from '../support/restService.js';

const blocks = docBlocks('docs/rest.md');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-rest-'));
  for (const { options, text } of blocks) {
    const file = options.get('file');
    if (file !== undefined) await writeFile(join(folder, file), `${text}\n`);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the way from an OpenAPI file to a field', { timeout: 120_000 }, () => {
  it('runs as the page says, to the last lines of the plan', () => {
    const outputs = blocks
      .filter(({ language, marks }) => language === 'sh' && marks.has('rest'))
      .map(({ text }) => {
        const [name, ...args] = text.split(' ');
        expect(name).toBe('portico');
        const { status, stdout, stderr } = spawnSync(process.execPath, [porticoCommand, ...args], {
          cwd: folder,
          encoding: 'utf8',
        });
        expect([status, args[0] === 'import' ? '' : stderr]).toEqual([0, '']);
        return stdout.trimEnd();
      });
    const end = blocks.find(({ marks }) => marks.has('rest-end'))!;
    expect(outputs.at(-1)!.endsWith(end.text)).toBe(true);
  });

  it('ends with the answer of the page', async () => {
    const items = await startRestService(({ url, body }) => {
      expect(url).toBe('/api/items/search');
      const { skus } = JSON.parse(body) as { skus: string[] };
      return { body: skus.filter((sku) => sku === 'table').map((sku) => ({ sku, units: 3 })) };
    });
    const products = await startRestService(() => ({
      body: {
        data: {
          products: [
            { __typename: 'Product', sku: 'table', name: 'Table' },
            { __typename: 'Product', sku: 'chair', name: 'Chair' },
          ],
        },
      },
    }));
    const sdl = (await readFile(join(folder, 'supergraph.graphql'), 'utf8'))
      .replaceAll('http://localhost:4010', items.url)
      .replaceAll('http://localhost:4011', products.url);
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const server = await startLibraryServer(createInlineGateway({ supergraphSdl: sdl, logger: silent }));
    try {
      const { json } = await server.ask(await readFile(join(folder, 'stock-of-all.graphql'), 'utf8'));
      expect(json).toEqual(JSON.parse(blocks.find(({ marks }) => marks.has('rest-answer'))!.text));
      expect(items.seen.map(({ body }) => body)).toEqual(['{"skus":["table","chair"]}']);
    } finally {
      await Promise.all([server.stop(), items.close(), products.close()]);
    }
  });
});

describe('more of the page', () => {
  const link = 'extend schema @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect", "@source"])';
  const products = blocks.find(({ options }) => options.get('file') === 'products.graphql')!.text;

  it('asks for one page of a list, and knows whether there are more', async () => {
    const items = await startRestService(() => ({
      body: { results: [{ sku: 'a', units: 1 }], paging: { next: 'n2' } },
      headers: { 'x-total-count': '41' },
    }));
    const pages = blocks.find(({ marks }) => marks.has('rest-pages'))!.text;
    const sdl = `${link} @source(name: "stock", http: { baseURL: "${items.url}/api" })\n${pages}\ntype Item { sku: ID! units: Int }`;
    const supergraphSdl = composeOnce([{ name: 'stock', url: '', sdl }]);
    const server = await startLibraryServer(createInlineGateway({ supergraphSdl }));
    try {
      const { json } = await server.ask('{ items(first: 1, after: "n 1") { items { sku } next more total } }');
      expect(json).toEqual({ data: { items: { items: [{ sku: 'a' }], next: 'n2', more: true, total: 41 } } });
      expect(items.seen.map(({ url }) => url)).toEqual(['/api/items?limit=1&cursor=n%201']);
    } finally {
      await Promise.all([server.stop(), items.close()]);
    }
  });

  it('has a subgraph in code that asks for all products at once', async () => {
    const code = blocks.find(({ marks }) => marks.has('rest-code'))!.text;
    await mkdir(join(root, '.cache'), { recursive: true });
    const here = await mkdtemp(join(root, '.cache/rest-'));
    const file = join(here, 'stock.ts');
    await writeFile(file, code.replaceAll("'portico'", `'${relative(here, join(root, 'src/index.js'))}'`));
    const { default: stock } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      default: RestSubgraphDefinition;
    };
    const service = await startRestService(({ url, body }) =>
      url === '/api/items/search'
        ? { body: (JSON.parse(body) as { skus: string[] }).skus.map((sku) => ({ sku, units: sku.length })) }
        : url.includes('/a%2Fb/')
          ? { body: [1, 2] }
          : { status: 404 },
    );
    const graphql = await startRestService(() => ({
      body: { data: { products: ['a/b', 'chair', 'a/b'].map((sku) => ({ __typename: 'Product', sku })) } },
    }));
    const supergraphSdl = composeOnce([
      { name: 'products', url: graphql.url, sdl: products },
      { name: 'stock', url: '', sdl: stock.typeDefs },
    ]);
    const settings = { restSubgraphs: { stock }, subgraphs: { stock: { url: `${service.url}/api` } } };
    const server = await startLibraryServer(createInlineGateway({ supergraphSdl, ...settings }));
    try {
      const { json } = await server.ask('{ products { units reserved } }');
      expect(json.data).toEqual({
        products: [
          { units: 3, reserved: 2 },
          { units: 5, reserved: 0 },
          { units: 3, reserved: 2 },
        ],
      });
      expect(service.seen.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual([
        'GET /api/items/a%2Fb/reservations',
        'GET /api/items/chair/reservations',
        'POST /api/items/search',
      ]);
    } finally {
      await Promise.all([server.stop(), service.close(), graphql.close(), rm(here, { recursive: true, force: true })]);
    }
  });
});
