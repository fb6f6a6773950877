import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { docBlocks } from '../support/docBlocks.js';
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
