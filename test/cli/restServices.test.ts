import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { composeServices } from '@apollo/composition';
import { parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Failure } from '../../src/cli/Failure.js';
import { mockedSdls } from '../../src/cli/mock/mockedSdls.js';
import { servingSource } from '../../src/cli/process/servingSource.js';
import { replaceSubgraphs } from '../../src/cli/replaceSubgraphs.js';
import { compose } from '../../src/supergraph/compose/compose.js';
import { withoutConnectors } from '../../src/supergraph/connect/joinConnectors.js';
import type { SubgraphDefinition } from '../../src/supergraph/sources/SubgraphDefinition.js';
import { connectorSdl } from '../supergraph/connect/connectorSdl.js';

const sdl =
  connectorSdl(`type Query { item(sku: ID!): Item @connect(source: "api", http: { GET: "/{$args.sku}" }, selection: "sku units") }
  type Item { sku: ID! units: Int }`);
const line =
  '--subgraph: "stock" is a REST service, which has no schema to ask for: say where it is as subgraphs.stock.url in a portico.yaml';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-rest-'));
  await writeFile(join(folder, 'stock.graphql'), sdl);
  await writeFile(join(folder, 'stock.js'), '');
  await writeFile(join(folder, 'supergraph.graphql'), compose([{ name: 'stock', url: '', sdl }]).supergraphSdl);
  const foreign = composeServices([{ name: 'stock', url: 'none', typeDefs: parse(sdl) }]).supergraphSdl!;
  await writeFile(join(folder, 'foreign.graphql'), foreign);
  await writeFile(join(folder, 'supergraph.yaml'), 'subgraphs:\n  stock: { schema: { file: stock.graphql } }\n');
  await writeFile(join(folder, 'code.yaml'), 'subgraphs:\n  stock: { schema: { module: stock.js } }\n');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a REST service that is to be called elsewhere (--subgraph)', () => {
  const elsewhere = { name: 'stock', url: 'http://localhost:1/api' };
  const inFile = (name: string): SubgraphDefinition['schema'] => ({
    kind: name.endsWith('.js') ? 'module' : 'file',
    path: join(folder, name),
    shownAs: name,
  });

  it.each([
    ['in a file', () => inFile('stock.graphql')],
    ['in the list', () => ({ kind: 'sdl', sdl }) as const],
    ['in a module', () => inFile('stock.js')],
  ])('is refused with its schema %s, and what to do is said', (_, schemaOf) => {
    const definitions = [{ name: 'stock', url: '', schema: schemaOf() }];
    expect(() => replaceSubgraphs(definitions, [elsewhere])).toThrow(Failure);
    expect(() => replaceSubgraphs(definitions, [elsewhere])).toThrow(line);
  });

  it('may be one of our mocks, which answer in GraphQL', () => {
    const definitions = [{ name: 'stock', url: '', schema: { kind: 'sdl', sdl } as const }];
    const [replaced] = replaceSubgraphs(definitions, [{ ...elsewhere, isMock: true }]);
    expect(replaced!.schema).toMatchObject({ kind: 'service', url: elsewhere.url });
  });

  it.each([
    ['that Portico composed', 'supergraph.graphql', false, line],
    ['that Apollo composed', 'foreign.graphql', false, line],
    ['as a mock', 'foreign.graphql', true, '--mock: "stock" is a REST service of a composed graph'],
  ])('is refused in a supergraph %s', async (_, name, isMock, message) => {
    const places = isMock ? { mocks: [elsewhere] } : { subgraph: [elsewhere] };
    const source = servingSource({ supergraph: join(folder, name), ...places, watch: false });
    await expect(source.initialize({ update: () => {} })).rejects.toThrow(message);
  });
});

describe('a mock of a REST service', () => {
  it('is refused for a subgraph in code, which has a service to mock', async () => {
    await expect(mockedSdls({ subgraphs: join(folder, 'code.yaml') }, ['stock'])).rejects.toThrow(
      /--mock: "stock" is in code \(.*stock\.js\): mock the service that it calls/,
    );
  });

  it.each([
    ['renamed', 'import: [{ name: "@connect", as: "@rest" }, { name: "@source", as: "@api" }]', '@rest', '@api'],
    ['prefixed', 'as: "http"', '@http', '@http__source'],
  ])('takes directives away that are %s', (_, how, connect, source) => {
    const renamed = sdl
      .replace('import: ["@connect", "@source"]', how)
      .replaceAll('@connect(', `${connect}(`)
      .replaceAll('@source(', `${source}(`);
    const plain = print(withoutConnectors(parse(renamed))!);
    expect(plain).toContain('item(sku: ID!): Item');
    expect(plain).not.toMatch(/@rest|@api|@http|@connect|@source|specs\.apollo\.dev\/connect/);
  });
});
