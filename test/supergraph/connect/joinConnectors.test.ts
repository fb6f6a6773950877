import { readFileSync } from 'node:fs';

import { lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql';
import type { DocumentNode } from 'graphql';
import { describe, expect, it } from 'vitest';

import { compose } from '../../../src/supergraph/compose/compose.js';
import type { SubgraphSdl } from '../../../src/supergraph/compose/compose.js';
import { extractDeclared } from '../../../src/supergraph/connect/extractDeclared.js';
import { withoutConnectors } from '../../../src/supergraph/connect/joinConnectors.js';
import { readSupergraph } from '../../../src/supergraph/read/readSupergraph.js';
import { restSubgraph, social, users } from './connectorSdl.js';

const file = (name: string, path: string): SubgraphSdl => ({
  name,
  url: `http://${name}.test`,
  sdl: readFileSync(path, 'utf8'),
});
const demo = (name: string): SubgraphSdl => file(name, `subgraphs/${name}/schema.graphql`);

interface Case {
  readonly name: string;
  readonly rest: SubgraphSdl;
  readonly others: readonly SubgraphSdl[];
}

function cases(rows: ReadonlyArray<readonly [name: string, rest: SubgraphSdl, ...others: SubgraphSdl[]]>): Case[] {
  return rows.map(([name, rest, ...others]) => ({ name, rest, others }));
}

/** A REST service, and the subgraphs beside it. */
const graphs = cases([
  ['an imported API', file('pets', 'test/cli/openapi/petShop.graphql')],
  ['another one', file('orders', 'test/cli/openapi/orders.graphql')],
  ['batches and requires', demo('inventory'), demo('accounts'), demo('products'), demo('reviews')],
  ['requires alone', demo('shipping'), demo('products'), demo('accounts'), demo('reviews')],
  [
    'what one connector knows and another does not',
    restSubgraph(
      'shop',
      `type Query {
        item(id: ID!): Item @connect(source: "api", http: { GET: "/items/{$args.id}" }, selection: "id name price", entity: true)
        items: [Item!]! @connect(source: "api", http: { GET: "/items" }, selection: "id name")
      }
      type Item { id: ID! name: String price: Int }`,
    ),
  ],
  ['what only some places have', social, users],
  [
    'interfaces, unions, inputs and mutations',
    restSubgraph(
      'media',
      `type Query {
        media(filter: Filter, order: [Order!] = [NEW]): [Media!]! @connect(source: "api", http: { GET: "/media?q={$args.filter.q}" }, selection: "id __typename: kind pages minutes")
        any: Any @connect(source: "api", http: { GET: "/any" }, selection: "id __typename: kind pages minutes")
      }
      type Mutation { add(title: String!): Book @connect(source: "api", http: { POST: "/", body: "t: $args.title" }, selection: "id pages") }
      input Filter { q: String = "x" deep: [Filter!] }
      enum Order { NEW OLD }
      interface Media { id: ID! }
      union Any = Book | Film
      type Book implements Media { id: ID! pages: Int }
      type Film implements Media { id: ID! minutes: Int }`,
    ),
  ],
  [
    'renamed directives',
    {
      name: 'a',
      url: '',
      sdl: `extend schema
        @link(url: "https://specs.apollo.dev/federation/v2.10")
        @link(url: "https://specs.apollo.dev/connect/v0.1", as: "rest", import: [{ name: "@connect", as: "@call" }])
        @rest__source(name: "api", http: { baseURL: "http://rest.test" })
        type Query { t(id: ID!): T @call(source: "api", http: { GET: "/t/{$args.id}" }, selection: "id", entity: true) }
        type T @federation__key(fields: "id") { id: ID! }`,
    },
  ],
  [
    'connectors alone',
    {
      name: 'a',
      url: '',
      sdl: `extend schema @link(url: "https://specs.apollo.dev/connect/v0.2", import: ["@connect"])
        type Query { t(id: ID!): T @connect(http: { GET: "http://t.test/t/{$args.id}" }, selection: "id", entity: true) }
        type T { id: ID! }`,
    },
  ],
]);

/** What clients see, without descriptions and deprecations: a supergraph does not say which subgraph has them. */
function apiOf(subgraphs: readonly SubgraphSdl[]): string {
  const { apiSchema } = readSupergraph(compose(subgraphs).supergraphSdl);
  const bare = visit(parse(printSchema(lexicographicSortSchema(apiSchema)), { noLocation: true }), {
    enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined),
    Directive: { leave: ({ name }) => (name.value === 'deprecated' ? null : undefined) },
  }) as DocumentNode;
  return print(bare);
}

describe('a REST service without its connectors', () => {
  it.each(graphs)('is a subgraph of the same graph: $name', ({ rest, others }) => {
    const plain = print(withoutConnectors(parse(rest.sdl))!);
    expect(plain).not.toMatch(/connect|baseURL|@source|@call/);
    expect(apiOf([{ ...rest, url: 'http://mock.test', sdl: plain }, ...others])).toBe(apiOf([rest, ...others]));
  });

  it.each(graphs)('is one subgraph again where a supergraph has its connectors: $name', ({ rest, others }) => {
    const declared = extractDeclared(compose([rest, ...others]).supergraphSdl);
    expect(new Map(declared.map(({ name, isRest }) => [name, isRest]))).toEqual(
      new Map([...others.map(({ name }) => [name, false] as const), [rest.name, true]]),
    );
    const { sdl } = declared.find(({ isRest }) => isRest)!;
    expect(sdl).not.toMatch(/@connect|baseURL/);
    expect(apiOf([{ ...rest, url: 'http://mock.test', sdl }, ...others])).toBe(apiOf([rest, ...others]));
  });

  it('has the keys by which connectors find objects', () => {
    const { rest } = graphs.find(({ name }) => name.startsWith('what one connector knows'))!;
    expect(print(withoutConnectors(parse(rest.sdl))!)).toContain('type Item @key(fields: "id")');
  });

  it('is not known where its connectors are wrong, or where there are none', () => {
    const { sdl } = restSubgraph(
      'a',
      'type Query { a: Int @connect(source: "none", http: { GET: "/" }, selection: "$") }',
    );
    expect(withoutConnectors(parse(sdl))).toBeUndefined();
    expect(withoutConnectors(parse(users.sdl))).toBeUndefined();
  });
});
