import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { compose } from '../../src/supergraph/compose/compose.js';
import { askOnce } from '../support/postGraphQL.js';
import { startRestService } from '../support/restService.js';
import type { RestService } from '../support/restService.js';
import { runPortico } from '../support/runPortico.js';
import type { RunningPortico } from '../support/runPortico.js';
import { startSdlService } from '../support/sdlService.js';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const products = `${link}
  type Query { topProducts(first: Int): [Product!]! }
  type Product @key(fields: "upc") { upc: ID! name: String! @mock(value: "Chair") }`;
const reviews = `${link}
  type Query { count: Int }
  type Mutation { createReview(productUpc: ID!, body: String!): Review! }
  type Product @key(fields: "upc") { upc: ID! reviews(first: Int): [Review!]! }
  type Review @key(fields: "id") { id: ID! body: String! product: Product! }`;

const stock = (baseUrl: string) => `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
    @link(url: "https://specs.apollo.dev/connect/v0.3", import: ["@connect", "@source"])
    @source(name: "api", http: { baseURL: "${baseUrl}" })
  type Query { inStock: [Product!]! @connect(source: "api", http: { GET: "/all" }, selection: "upc units") }
  type Product @key(fields: "upc")
    @connect(source: "api", http: { GET: "/products/{$this.upc}" }, selection: "upc units") { upc: ID! units: Int }`;

let folder: string;
/** Where the REST service is: nobody may ask it while it is mocked. */
let rest: RestService;
const running: RunningPortico[] = [];

beforeAll(async () => {
  rest = await startRestService(() => ({ body: [] }));
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-'));
  await writeFile(join(folder, 'products.graphql'), products);
  await writeFile(join(folder, 'reviews.graphql'), reviews);
  await writeFile(join(folder, 'stock.graphql'), stock(rest.url));
  await writeList('http://products.invalid');
});
afterEach(async () => {
  for (const { child } of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
  expect(rest.seen).toEqual([]);
});
afterAll(() => rest.close());

async function writeList(productsUrl: string): Promise<void> {
  await writeFile(
    join(folder, 'supergraph.yaml'),
    `subgraphs:
  products: { routing_url: "${productsUrl}", schema: { file: products.graphql } }
  reviews: { routing_url: "http://reviews.invalid", schema: { file: reviews.graphql } }
  stock: { schema: { file: stock.graphql } }
`,
  );
}

function portico(...args: string[]): RunningPortico {
  const started = runPortico(args, folder);
  running.push(started);
  return started;
}

const both = '{ topProducts(first: 2) { upc name reviews(first: 1) { product { name } } } }';
const chairs = ['1', '2'].map((upc) => ({ upc, name: 'Chair', reviews: [{ product: { name: 'Chair' } }] }));

describe('portico mock', { timeout: 120_000 }, () => {
  it('serves the graph of a list, remembers what mutations do, and keeps @mock from composition', async () => {
    const url = await portico('mock', '--port', '0').url();
    expect(await askOnce(url, both)).toEqual({ data: { topProducts: chairs } });
    const made = await askOnce(
      url,
      'mutation { createReview(productUpc: "2", body: "good") { body product { name } } }',
    );
    expect(made).toEqual({ data: { createReview: { body: 'good', product: { name: 'Chair' } } } });
    const { data } = await askOnce(url, '{ topProducts(first: 2) { reviews(first: 1) { body } } }');
    expect((data!['topProducts'] as unknown[])[1]).toEqual({ reviews: [{ body: 'good' }] });
  });

  it('serves a composed supergraph, with failures where they were asked for', async () => {
    const plain = products.replace(' @mock(value: "Chair")', '');
    const parts = Object.entries({ products: plain, reviews, stock: stock(rest.url) });
    const { supergraphSdl } = compose(parts.map(([name, sdl]) => ({ name, url: `http://${name}.invalid`, sdl })));
    await writeFile(join(folder, 'graph.graphql'), supergraphSdl);
    const url = await portico('mock', '--supergraph', 'graph.graphql', '--port', '0', '--fail', 'reviews=1').url();
    const { data, errors } = await askOnce(
      url,
      '{ topProducts(first: 1) { upc units } inStock { upc name units } count }',
    );
    expect(data).toMatchObject({ topProducts: [{ upc: '1' }], count: null });
    // The same key is the same object by either connector.
    const [first] = data!['topProducts'] as [{ units: number }];
    expect(data!['inStock']).toContainEqual({ upc: '1', name: expect.any(String) as string, units: first.units });
    expect(errors).toMatchObject([{ path: ['count'], extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }]);
  });

  it('serves the subgraphs alone', async () => {
    const mocks = portico('mock', '--subgraphs-only', '--port', '0');
    const url = await vi.waitFor(
      () => {
        const [found] = /http:\/\/\S+\/subgraphs\/reviews/.exec(mocks.output()) ?? [];
        if (found === undefined) throw new Error(mocks.output());
        return found;
      },
      { timeout: 60_000, interval: 50 },
    );
    expect(await askOnce(url, '{ count }')).toEqual({ data: { count: expect.any(Number) as number } });
    // Whoever composes it is told of no service but this one.
    const { data } = await askOnce(url.replace('reviews', 'stock'), '{ _service { sdl } }');
    expect((data!['_service'] as { sdl: string }).sdl).not.toMatch(/connect|baseURL/);
    const form = await fetch(url, { method: 'POST', body: '{"query":"{ count }"}' });
    expect(form.status).toBe(415);
    mocks.child.kill('SIGINT');
    expect(await mocks.exit).toBe(0);
  });

  it('says in a line what it cannot mock', async () => {
    const cases: ReadonlyArray<readonly [args: string[], message: RegExp]> = [
      [['mock', '--latency', 'soon'], /Write a duration or two: 50ms\.\.200ms/],
      [['mock', '--fail', '2'], /Write a share of the calls from 0 to 1/],
      [['mock', '--fail', 'nobody=1'], /^error: "nobody" in --latency or --fail is not mocked/m],
      [
        ['dev', '--mock', 'nobody'],
        /^error: --mock: there is no subgraph "nobody" \(there are products, reviews, stock\)$/m,
      ],
      [['dev', '--seed', '2'], /^error: --seed, --latency and --fail are about mocks: say which by --mock$/m],
    ];
    for (const [args, message] of cases) {
      const started = portico(...args, '--port', '0');
      expect(await started.exit).toBe(1);
      expect(started.output()).toMatch(message);
    }
  });
});

describe('portico dev --mock', { timeout: 120_000 }, () => {
  it('mocks what it is told to, and calls the rest', async () => {
    await writeFile(join(folder, 'products.graphql'), products.replace(' @mock(value: "Chair")', ''));
    const real = await startSdlService('products', '');
    real.data = { topProducts: [{ __typename: 'Product', upc: 'real' }] };
    await writeList(real.url);
    try {
      const url = await portico('dev', '--port', '0', '--mock', 'reviews,stock').url();
      const { data } = await askOnce(url, '{ topProducts { upc units reviews(first: 1) { product { upc } } } }');
      const units = expect.any(Number) as number;
      expect(data).toEqual({ topProducts: [{ upc: 'real', units, reviews: [{ product: { upc: 'real' } }] }] });
    } finally {
      await real.goDown();
    }
  });
});
