import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { Failure } from '../../src/cli/Failure.js';
import { runSubgraphCheck } from '../../src/cli/runSubgraphCheck.js';

const FEDERATION = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])';
const REST = `${FEDERATION}
  @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect"])
`;
const stock = (selection: string): string => `${REST}
type Product @key(fields: "sku") @connect(http: { GET: "http://stock.test/{$this.sku}" }, selection: """
  units
  ${selection}
""") { sku: ID! units: Int place: String }`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-check-'));
  await writeFile(
    join(folder, 'products.graphql'),
    `${FEDERATION} type Query { products: [Product!]! } type Product @key(fields: "sku") { sku: ID! name: String }`,
  );
  await writeFile(join(folder, 'old.graphql'), `${FEDERATION} type Product @key(fields: "sku") { sku: ID! old: Int }`);
  await writeFile(
    join(folder, 'supergraph.yaml'),
    `subgraphs:
  products: { routing_url: "http://products.test", schema: { file: products.graphql } }
  stock: { routing_url: "http://stock.test", schema: { file: old.graphql } }
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function check(
  sdl: string,
  { name = 'stock', json = false } = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
  const schema = join(folder, 'checked.graphql');
  await writeFile(schema, sdl);
  const code = await runSubgraphCheck({ name, schema, config: join(folder, 'supergraph.yaml'), json });
  return { code, out, err: err.replaceAll(schema, 'checked.graphql') };
}

describe('portico subgraph check', () => {
  it('composes the schema in the place of the one in the list', async () => {
    expect(await check(stock('place'))).toEqual({ code: 0, out: 'stock composes with 1 other\n', err: '' });
  });

  it('composes a subgraph that is new beside the others', async () => {
    const sdl = `${FEDERATION} type Product @key(fields: "sku") { sku: ID! rating: Int }`;
    expect(await check(sdl, { name: 'reviews' })).toMatchObject({
      code: 0,
      out: 'reviews (new) composes with 2 others\n',
    });
  });

  it('names mistakes in mappings at their line and column inside the text', async () => {
    const { code, out, err } = await check(stock('place plaice: "p"'));
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^error: checked\.graphql:6:9: CONNECTOR_UNKNOWN_FIELD \[stock\] Product: Product has no field "plaice"$/m,
    );
  });

  it('names what does not fit the others, as JSON for programs', async () => {
    const sdl = `${FEDERATION} type Product @key(fields: "sku") { sku: ID! name: Int }`;
    const { code, out } = await check(sdl, { json: true });
    expect(code).toBe(1);
    const { errors, hints } = JSON.parse(out) as { errors: Array<{ code: string }>; hints: unknown[] };
    expect(errors.map((each) => each.code)).toContain('FIELD_TYPE_MISMATCH');
    expect(hints).toEqual([]);
  });

  it('says that a schema cannot be read', async () => {
    const options = {
      name: 'stock',
      schema: join(folder, 'none.graphql'),
      config: join(folder, 'supergraph.yaml'),
      json: false,
    };
    await expect(runSubgraphCheck(options)).rejects.toThrow(Failure);
  });
});
