import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadOptions } from '../../src/base/config/loadOptions.js';
import { engineOptions } from '../../src/gateway/engineOptions.js';
import { subgraphDefinitions } from '../../src/supergraph/sources/subgraphDefinitions.js';
import { readSdl } from '../../src/supergraph/sources/readSdl.js';
import { composeOnce } from '../../src/testing/prepareGraph.js';
import { root } from '../support/docBlocks.js';
import { createInlineGateway } from '../support/inlineGateway.js';
import { startLibraryServer } from '../support/libraryServer.js';
import { startRestService } from '../support/restService.js';
import type { RestService } from '../support/restService.js';

let folder: string;
let rest: RestService;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  // Inside the project: the modules import its sources.
  await mkdir(join(root, '.cache'), { recursive: true });
  folder = await mkdtemp(join(root, '.cache/module-'));
  rest = await startRestService(({ url }) => ({ body: { at: url } }));
  await writeFile(
    file('stock.js'),
    `import { defineRestSubgraph, restPath } from '${relative(folder, join(root, 'src/index.js'))}';
export default defineRestSubgraph({
  baseURL: '${rest.url}/api',
  typeDefs: 'type Query { at(id: ID!): String }',
  resolvers: { Query: { at: async (_, { id }, { rest }) => (await rest.get(restPath\`/\${id}\`)).at } },
});
`,
  );
  await writeFile(file('nothing.mjs'), 'export const stock = 1;');
  await writeFile(file('broken.mjs'), 'throw new Error("no database");');
});
afterAll(async () => {
  await rest.close();
  await rm(folder, { recursive: true });
});

/** The settings of a list with one module in it. */
function listOf(module: string): ReturnType<typeof loadOptions> {
  return loadOptions({ supergraph: { subgraphs: { stock: { schema: { module } } } } }, 'test');
}

describe('a module that a list names', () => {
  it('gives the schema for composition, and answers the subgraph', async () => {
    const { config } = listOf(file('stock.js'));
    const [definition] = subgraphDefinitions(config!.supergraph!.subgraphs!);
    expect(await readSdl(definition!.schema)).toBe('type Query { at(id: ID!): String }');
    expect(engineOptions(config!).bySubgraph?.get('stock')?.module).toBe(file('stock.js'));
  });

  it('answers a supergraph that is composed already', async () => {
    const supergraphSdl = composeOnce([{ name: 'stock', url: '', sdl: 'type Query { at(id: ID!): String }' }]);
    const settings = { subgraphs: { stock: { module: file('stock.js') } } };
    const server = await startLibraryServer(createInlineGateway({ supergraphSdl, ...settings }));
    expect((await server.ask('{ at(id: "a/b") }')).json).toEqual({ data: { at: '/api/a%2Fb' } });
    await server.stop();
  });

  it.each([['that is not there', 'none.js', /names a file that does not exist/]])(
    '%s is a mistake of the list',
    (_, name, message) => {
      expect(
        listOf(file(name))
          .problems.map((each) => each.message)
          .join(),
      ).toMatch(message);
    },
  );

  it.each([
    [
      'without a subgraph as its default export',
      'nothing.mjs',
      /nothing\.mjs has no defineRestSubgraph\(…\) as its default export/,
    ],
    ['that throws', 'broken.mjs', /broken\.mjs cannot be loaded: no database/],
  ])('%s cannot be read, and refuses a start', async (_, name, message) => {
    const [definition] = subgraphDefinitions(listOf(file(name)).config!.supergraph!.subgraphs!);
    await expect(readSdl(definition!.schema)).rejects.toMatchObject({
      code: 'SUBGRAPH_SDL_UNAVAILABLE',
      message: expect.stringMatching(message) as unknown,
    });
    const supergraphSdl = composeOnce([{ name: 'stock', url: '', sdl: 'type Query { at(id: ID!): String }' }]);
    const gateway = createInlineGateway({ supergraphSdl, subgraphs: { stock: { module: file(name) } } });
    await expect(startLibraryServer(gateway)).rejects.toThrow(message);
  });

  it('does not answer for a subgraph with connectors', async () => {
    const sdl = `extend schema @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect"])
      type Query { a: String @connect(http: { GET: "http://a.test/" }, selection: "$") }`;
    const gateway = createInlineGateway({
      supergraphSdl: composeOnce([{ name: 'stock', url: '', sdl }]),
      subgraphs: { stock: { module: file('stock.js') } },
    });
    await expect(startLibraryServer(gateway)).rejects.toThrow(/stock has connectors in its schema, and a module/);
  });
});
