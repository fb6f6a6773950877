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

/** In the form of those that GraphOS and Rover publish: descriptions, types of Connectors in the schema, an older join specification. */
const PUBLISHED = `
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/tag/v0.3")
  @link(url: "https://specs.apollo.dev/connect/v0.2", for: EXECUTION)
  @join__directive(graphs: [WEATHER], name: "link", args: {url: "https://specs.apollo.dev/connect/v0.1", import: ["@connect", "@source"]})
  @join__directive(graphs: [WEATHER], name: "source", args: {name: "nws", http: {baseURL: "https://weather.test/", headers: [{name: "user-agent", value: "me"}]}})
{ query: Query }

directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String, contextArguments: [join__ContextArgument!]) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA
scalar join__DirectiveArguments
scalar join__FieldSet
scalar join__FieldValue
input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
enum join__Graph {
  CITIES @join__graph(name: "cities", url: "http://cities.test")
  WEATHER @join__graph(name: "weather", url: "none")
}
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }

type Query @join__type(graph: CITIES) @join__type(graph: WEATHER) {
  cities: [City!]! @join__field(graph: CITIES)
  "Today's"
  forecast(at: At!, unit: Unit = C): Forecast @join__field(graph: WEATHER) @tag(name: "public")
    @join__directive(graphs: [WEATHER], name: "connect", args: {source: "nws", http: {GET: "/at/{$args.at.lat},{$args.at.lon}?u={$args.unit}"}, selection: "text\\nwind { speed }"})
}
"A place"
type City @join__type(graph: CITIES, key: "id") @join__type(graph: WEATHER, key: "id") {
  id: ID!
  name: String @join__field(graph: CITIES)
  forecast: Forecast @join__field(graph: WEATHER)
    @join__directive(graphs: [WEATHER], name: "connect", args: {source: "nws", http: {GET: "/city/{$this.id}"}, selection: "text\\nwind { speed }"})
}
type Forecast @join__type(graph: WEATHER) { text: String wind: Wind }
type Wind @join__type(graph: WEATHER) { speed: Int }
type Unused @join__type(graph: WEATHER) { a: Int }
input At @join__type(graph: WEATHER) { lat: Float! lon: Float! }
enum Unit @join__type(graph: WEATHER) { C @join__enumValue(graph: WEATHER) F @join__enumValue(graph: WEATHER) }
`;

describe('a supergraph as it is published', () => {
  it('is served: its connectors, what they read, descriptions and tags', () => {
    const sdl = expandSupergraph(PUBLISHED);
    const { connectors, apiSchema, subgraphs } = readSupergraph(sdl);
    expect([...subgraphs.keys()].toSorted()).toEqual(['cities', 'weather.City.forecast', 'weather.Query.forecast']);
    expect(subgraphs.get('cities')!.url).toBe('http://cities.test');
    expect(connectors.get('weather.Query.forecast')).toMatchObject({
      subgraph: 'weather',
      version: '0.1',
      method: 'GET',
      restSource: { baseUrl: 'https://weather.test/', headers: [{ name: 'user-agent', value: 'me' }] },
      argumentDefaults: { unit: 'C' },
    });
    expect(connectors.get('weather.City.forecast')).toMatchObject({ key: 'id', typeName: 'City' });
    expect(apiSchema.getType('City')?.description).toBe('A place');
    expect(apiSchema.getQueryType()?.getFields()['forecast']?.description).toBe("Today's");
    expect(sdl).toContain('@tag(name: "public")');
    // No connector gives it, and no field has it.
    expect(apiSchema.getType('Unused')).toBeUndefined();
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
    expect(
      refusal('A @join__graph(name: "a", url: "") @join__directive(graphs: [A]) specs.apollo.dev/connect/v0.1 {'),
    ).toMatchObject({
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
