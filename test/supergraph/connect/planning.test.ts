import { describe, expect, it } from 'vitest';

import { Lifetime } from '../../../src/base/kit/Lifetime.js';
import { createInlineApolloPlanner } from '../../../src/engine/plan/apollo/createInlineApolloPlanner.js';
import { printPlan } from '../../../src/engine/plan/printPlan.js';
import { compose } from '../../../src/supergraph/compose/compose.js';
import type { SubgraphSdl } from '../../../src/supergraph/compose/compose.js';
import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { graphqlSubgraph, restSubgraph, social, users } from './connectorSdl.js';

/** Which subgraphs a plan asks, in the order of its text, each with its first line of selections. */
async function planOf(subgraphs: readonly SubgraphSdl[], query: string): Promise<string> {
  const { supergraphSdl } = compose(subgraphs);
  readSupergraph(supergraphSdl);
  const planner = createInlineApolloPlanner({ supergraphSdl });
  const plan = await planner.plan({ text: query, labels: [] }, new Lifetime(Infinity));
  await planner.close();
  return printPlan(plan);
}

function servicesOf(plan: string): string[] {
  return [...plan.matchAll(/service: "([^"]+)"/g)].map(([, name]) => name!);
}

const products = graphqlSubgraph(
  'products',
  'type Query { products: [Product!]! } type Product @key(fields: "id") { id: ID! name: String }',
);

describe('each connector is planned as a subgraph of its own', () => {
  it('asks for a field where a connector gives it, and not where another one does not', async () => {
    const rest = restSubgraph(
      'shop',
      `type Query {
        item(id: ID!): Item @connect(source: "api", http: { GET: "/items/{$args.id}" }, selection: "id name price", entity: true)
        items: [Item!]! @connect(source: "api", http: { GET: "/items" }, selection: "id name")
      }
      type Item { id: ID! name: String price: Int }`,
    );
    const short = await planOf([rest], '{ items { name } }');
    expect(servicesOf(short)).toEqual(['shop.Query.items']);
    const long = await planOf([rest], '{ items { name price } }');
    expect(servicesOf(long)).toEqual(['shop.Query.items', 'shop.Query.item']);
  });

  it('joins REST to entities of GraphQL by a key, and GraphQL to those of REST', async () => {
    const rest = restSubgraph(
      'stock',
      `type Query { scarce: [Product!]! @connect(source: "api", http: { GET: "/scarce" }, selection: "id stock") }
      type Product @key(fields: "id")
        @connect(source: "api", http: { POST: "/stock", body: "ids: $batch.id" }, selection: "id stock") { id: ID! stock: Int }`,
    );
    expect(servicesOf(await planOf([products, rest], '{ products { name stock } }'))).toEqual([
      'products',
      'stock.Product',
    ]);
    expect(servicesOf(await planOf([products, rest], '{ scarce { name stock } }'))).toEqual([
      'stock.Query.scarce',
      'products',
    ]);
  });

  it('fetches what $this reads from wherever it is, before the connector that reads it', async () => {
    const rest = restSubgraph(
      'phones',
      `type Query { user(id: ID!): User @connect(source: "api", http: { GET: "/users/{$args.id}" }, selection: "id name", entity: true) }
      type User @key(fields: "id") {
        id: ID! name: String line: String @external
        phone: String @requires(fields: "line") @connect(source: "api", http: { GET: "/phones/{$this.line}" }, selection: "$.number")
      }`,
    );
    const lines = graphqlSubgraph('lines', 'type User @key(fields: "id") { id: ID! line: String }');
    expect(servicesOf(await planOf([rest, lines], '{ user(id: 1) { name phone } }'))).toEqual([
      'phones.Query.user',
      'lines',
      'phones.User.phone',
    ]);
  });

  it('takes all that $this reads for the key where no key of the type is among it', async () => {
    const rest = restSubgraph(
      'phones',
      `type Query {
        users: [User] @connect(source: "api", http: { GET: "/users" }, selection: "id name")
        user(id: ID!): User @connect(source: "api", http: { GET: "/users/{$args.id}" }, selection: "id name area", entity: true)
      }
      type User @key(fields: "id") {
        id: ID! name: String area: String line: String @external
        phone: String @connect(source: "api", http: { GET: "/phones/{$this.area}/{$this.line}" }, selection: "$.number")
      }`,
    );
    const lines = graphqlSubgraph('lines', 'type User @key(fields: "id") { id: ID! line: String }');
    const asked = servicesOf(await planOf([rest, lines], '{ users { phone } }'));
    expect(asked[0]).toBe('phones.Query.users');
    expect(asked.slice(1, -1).toSorted()).toEqual(['lines', 'phones.Query.user']);
    expect(asked.at(-1)).toBe('phones.User.phone');
  });

  it('has composite keys and keys inside objects', async () => {
    const rest = restSubgraph(
      'prices',
      `type Product { id: ID! size: Size price: Int @connect(source: "api", http: { GET: "/p/{$this.id}/{$this.size.unit}" }, selection: "$.price") }
      type Size { unit: String }`,
    );
    const sized = graphqlSubgraph(
      'products',
      'type Query { products: [Product!]! } type Product @key(fields: "id size { unit }") { id: ID! size: Size } type Size { unit: String @shareable }',
    );
    const plan = await planOf([sized, rest], '{ products { price } }');
    expect(servicesOf(plan)).toEqual(['products', 'prices.Product.price']);
    expect(plan).toContain('unit');
  });

  it('gives mutations their own connector and continues from what they answer', async () => {
    const rest = restSubgraph(
      'stock',
      `type Query { ping: String @connect(source: "api", http: { GET: "/ping" }, selection: "$.pong") }
      type Mutation { order(id: ID!, count: Int = 1): Receipt @connect(source: "api", http: { POST: "/orders", body: "$args { id count }" }, selection: "left product: { id: product_id }") }
      type Receipt { left: Int product: Product }
      type Product @key(fields: "id") { id: ID! }`,
    );
    const plan = await planOf([products, rest], 'mutation { order(id: 1) { left product { name } } }');
    expect(servicesOf(plan)).toEqual(['stock.Mutation.order', 'products']);
  });

  it('knows what only some places of an answer have (@provides)', async () => {
    const near = await planOf([users, social], '{ me { friends { name } } }');
    expect(servicesOf(near)).toEqual(['users', 'social.User.friends']);
    const far = await planOf([users, social], '{ me { friends { name age } } }');
    expect(servicesOf(far)).toEqual(['users', 'social.User.friends', 'users']);
  });

  it('has interfaces and unions when the mapping gives __typename', async () => {
    const rest = restSubgraph(
      'media',
      `type Query {
        media: [Media!]! @connect(source: "api", http: { GET: "/media" }, selection: "id __typename: kind pages minutes")
        any: Any @connect(source: "api", http: { GET: "/any" }, selection: "id __typename: kind pages minutes")
      }
      interface Media { id: ID! }
      union Any = Book | Film
      type Book implements Media { id: ID! pages: Int }
      type Film implements Media { id: ID! minutes: Int }`,
    );
    const plan = await planOf([rest], '{ media { id ... on Book { pages } } any { ... on Film { minutes } } }');
    expect(servicesOf(plan).toSorted()).toEqual(['media.Query.any', 'media.Query.media']);
  });
});

describe('what plans call a connector', () => {
  it('is the subgraph and the coordinate, and it knows who declares it', () => {
    const rest = restSubgraph(
      'my shop',
      `type Query { a: String
        @connect(source: "api", http: { GET: "/a" }, selection: "$")
      }
      type T { id: ID! b: Int @connect(source: "api", http: { GET: "/b/{$this.id}" }, selection: "$") }`,
    );
    const other = graphqlSubgraph('ts', 'type Query { t: T } type T @key(fields: "id") { id: ID! }');
    const { subgraphs, connectors } = readSupergraph(compose([rest, other]).supergraphSdl);
    expect([...subgraphs.values()].map(({ name, declaredBy }) => [name, declaredBy])).toEqual([
      ['my shop.Query.a', 'my shop'],
      ['my shop.T.b', 'my shop'],
      ['ts', undefined],
    ]);
    expect(connectors.get('my shop.T.b')).toMatchObject({
      subgraph: 'my shop',
      version: '0.3',
      typeName: 'T',
      fieldName: 'b',
      root: undefined,
      outputType: 'Int',
      method: 'GET',
      url: '/b/{$this.id}',
      restSource: { name: 'api', baseUrl: 'http://rest.test/v1' },
    });
  });

  it('is not known in supergraphs that others composed: they are refused', () => {
    const rest = restSubgraph(
      'shop',
      'type Query { a: String @connect(source: "api", http: { GET: "/a" }, selection: "$") }',
    );
    const foreign = compose([rest]).supergraphSdl.replaceAll(
      'url: "connector:shop"',
      'url: "http://shop.test/graphql"',
    );
    expect(() => readSupergraph(foreign)).toThrowError(
      expect.objectContaining({
        code: 'SUPERGRAPH_FEATURE_UNSUPPORTED',
        message: expect.stringMatching(/shop.Query.a .*portico compose/) as unknown,
      }) as Error,
    );
  });

  it('needs no link to federation in a schema of connectors alone', () => {
    const sdl = `extend schema @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect"])
      type Query { t(id: ID!): T @connect(http: { GET: "http://t.test/t/{$args.id}" }, selection: "id", entity: true) }
      type T { id: ID! }`;
    const { connectors } = readSupergraph(compose([{ name: 'a', url: '', sdl }]).supergraphSdl);
    expect(connectors.get('a.Query.t')).toMatchObject({ key: 'id', restSource: undefined });
  });

  it('follows renamed directives', () => {
    const sdl = `extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.10")
      @link(url: "https://specs.apollo.dev/connect/v0.1", as: "rest", import: [{ name: "@connect", as: "@call" }])
      @rest__source(name: "api", http: { baseURL: "http://rest.test" })
      type Query { t(id: ID!): T @call(source: "api", http: { GET: "/t/{$args.id}" }, selection: "id", entity: true) }
      type T @federation__key(fields: "id") { id: ID! }`;
    const { connectors } = readSupergraph(compose([{ name: 'a', url: '', sdl }]).supergraphSdl);
    expect(connectors.get('a.Query.t')).toMatchObject({ version: '0.1', restSource: { name: 'api' }, entity: true });
  });
});
