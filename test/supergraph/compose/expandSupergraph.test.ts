import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';

import { PorticoError } from '../../../src/base/errors/PorticoError.js';
import { compose } from '../../../src/supergraph/compose/compose.js';
import { expandInWorker } from '../../../src/supergraph/compose/expandInWorker.js';
import { expandSupergraph } from '../../../src/supergraph/compose/expandSupergraph.js';
import type { Supergraph } from '../../../src/supergraph/model/Supergraph.js';
import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';

const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@external", "@requires", "@authenticated", "@requiresScopes", "@tag", "@inaccessible", "@cost", "@composeDirective"])';
const CONNECT = 'extend schema @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect", "@source"])';

const STOCK = `${FEDERATION} ${CONNECT} @source(name: "api", http: { baseURL: "http://stock.test/api" })
  type Query {
    item(sku: ID!): Product @connect(source: "api", http: { GET: "/items/{$args.sku}" }, selection: "sku units place { city }", entity: true)
    hidden: String @inaccessible @connect(source: "api", http: { GET: "/h" }, selection: "$")
  }
  type Mutation { drop(sku: ID!): Int @authenticated @connect(source: "api", http: { DELETE: "/items/{$args.sku}" }, selection: "$.left") }
  type Product @key(fields: "sku") @connect(source: "api", http: { POST: "/search", body: "skus: $batch.sku" }, batch: { maxSize: 9 }, selection: "sku units") {
    sku: ID! units: Int @requiresScopes(scopes: [["read:stock"]]) place: Place @tag(name: "internal")
  }
  type Place { city: String @cost(weight: 3) }`;

const PRODUCTS = `${FEDERATION}
  type Query { products: [Product!]! }
  type Product @key(fields: "sku") { sku: ID! name: String size: Size }
  enum Size { S L }`;

/** As Apollo's tools compose it: the connectors stand in the subgraph that declares them. */
function composedElsewhere(sdls: Readonly<Record<string, string>>): string {
  const services = Object.entries(sdls).map(([name, sdl]) => ({
    name,
    url: `http://${name}.test`,
    typeDefs: parse(sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new AggregateError(errors);
  return supergraphSdl;
}

function composedHere(sdls: Readonly<Record<string, string>>): Supergraph {
  return readSupergraph(
    compose(Object.entries(sdls).map(([name, sdl]) => ({ name, url: `http://${name}.test`, sdl }))).supergraphSdl,
  );
}

function facts({ connectors, subgraphs, access, costs, askable, owners }: Supergraph): unknown {
  return {
    connectors: sorted(connectors),
    subgraphs: sorted(subgraphs),
    access,
    costs,
    askable: sorted(askable),
    owners: sorted(owners),
  };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): Array<[string, Value]> {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function refusal(sdl: string): unknown {
  try {
    return expandSupergraph(sdl);
  } catch (error) {
    if (!(error instanceof PorticoError)) throw error;
    return { code: error.code, message: error.message };
  }
}

describe('a supergraph with connectors that Apollo composed', () => {
  const elsewhere = composedElsewhere({ stock: STOCK, products: PRODUCTS });

  it('is, expanded, what Portico makes of the subgraphs: who answers what, and what that takes', () => {
    const expanded = readSupergraph(expandSupergraph(elsewhere));
    expect(facts(expanded)).toEqual(facts(composedHere({ stock: STOCK, products: PRODUCTS })));
    expect([...expanded.connectors.keys()].toSorted()).toEqual([
      'stock.Mutation.drop',
      'stock.Product',
      'stock.Query.hidden',
      'stock.Query.item',
    ]);
  });

  it('keeps access rules, hidden fields and costs', () => {
    const { access, apiSchema, costs } = readSupergraph(expandSupergraph(elsewhere));
    expect(access.demands.get('Product.units')).toBeDefined();
    expect(access.demands.get('Mutation.drop')).toBeDefined();
    expect(apiSchema.getQueryType()?.getFields()).not.toHaveProperty('hidden');
    expect(costs.weights.get('Place.city')).toBe(3);
    expect(expandSupergraph(elsewhere)).toContain('@tag(name: "internal")');
  });

  it('gives the same text each time, and is not expanded twice', () => {
    const once = expandSupergraph(elsewhere);
    expect(expandSupergraph(elsewhere)).toBe(once);
    expect(expandSupergraph(once)).toBe(once);
  });

  it('is expanded by the worker too', async () => {
    expect(await expandInWorker(elsewhere)).toBe(expandSupergraph(elsewhere));
  });

  it.each([
    ['renamed imports', 'import: [{ name: "@connect", as: "@rest" }, { name: "@source", as: "@api" }]', 'rest', 'api'],
    ['another prefix', 'as: "http"', 'http', 'http__source'],
    ['no imports', 'import: []', 'connect', 'connect__source'],
  ])('may have %s', (_, how, connect, source) => {
    const renamed = STOCK.replace('import: ["@connect", "@source"]', how)
      .replaceAll('@connect(', `@${connect}(`)
      .replaceAll('@source(', `@${source}(`);
    const { connectors } = readSupergraph(expandSupergraph(composedElsewhere({ stock: renamed, products: PRODUCTS })));
    expect(connectors.get('stock.Product')).toMatchObject({
      method: 'POST',
      restSource: { baseUrl: 'http://stock.test/api' },
      key: 'sku',
      batchSize: 9,
    });
  });

  it.each(['0.1', '0.2', '0.3'] as const)('may use version %s', (version) => {
    const sdl = composedElsewhere({ stock: STOCK.replace('connect/v0.2', `connect/v${version}`), products: PRODUCTS });
    const { connectors } = readSupergraph(expandSupergraph(sdl));
    expect([...connectors.values()].map((each) => each.version)).toEqual([version, version, version, version]);
  });

  it('may link a newer version than its subgraphs use', () => {
    const newer = elsewhere.replace(/connect\/v[\d.]+", for: EXECUTION/, 'connect/v0.9", for: EXECUTION');
    expect(newer).not.toBe(elsewhere);
    expect(readSupergraph(expandSupergraph(newer)).connectors.size).toBe(4);
  });

  it('may have several subgraphs with connectors, beside subgraphs that override fields', () => {
    const prices = `${FEDERATION} ${CONNECT}
      type Product @key(fields: "sku") { sku: ID! price: Int @connect(http: { GET: "http://prices.test/{$this.sku}" }, selection: "$.cents") }`;
    const sdls = { stock: STOCK, products: PRODUCTS, prices };
    expect(facts(readSupergraph(expandSupergraph(composedElsewhere(sdls))))).toEqual(facts(composedHere(sdls)));
  });
});

describe('a supergraph is refused', () => {
  it('when its connectors are of a version that is not known', () => {
    const sdl = composedElsewhere({ stock: STOCK, products: PRODUCTS }).replaceAll(
      /(name: "link", args: \{url: "https:\/\/specs.apollo.dev\/connect\/)v0\.2/g,
      '$1v0.7',
    );
    expect(refusal(sdl)).toEqual({
      code: 'SUPERGRAPH_FEATURE_UNSUPPORTED',
      message: expect.stringContaining('Connectors v0.7 are not supported') as unknown,
    });
  });

  it('when a connector cannot be executed, and says why', async () => {
    const sdl = composedElsewhere({
      stock: STOCK.replace('selection: "sku units"', 'selection: "units"'),
      products: PRODUCTS,
    });
    const message = expect.stringContaining('the mapping must give the key sku') as unknown;
    expect(refusal(sdl)).toEqual({ code: 'SUPERGRAPH_FEATURE_UNSUPPORTED', message });
    await expect(expandInWorker(sdl)).rejects.toMatchObject({ code: 'SUPERGRAPH_FEATURE_UNSUPPORTED', message });
  });

  it('when it is no GraphQL', () => {
    expect(refusal('@join__directive(graphs: [A]) specs.apollo.dev/connect/v0.1 {')).toMatchObject({
      code: 'SUPERGRAPH_INVALID',
    });
  });
});

describe('a supergraph without such connectors', () => {
  it.each([
    ['none at all', composedElsewhere({ products: PRODUCTS })],
    ['those of Portico', compose([{ name: 'stock', url: '', sdl: STOCK }]).supergraphSdl],
  ])('is left alone: %s', (_, sdl) => expect(expandSupergraph(sdl)).toBe(sdl));
});
