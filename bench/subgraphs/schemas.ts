/**
 * The four subgraphs of the public gateways benchmark (graphql-hive/graphql-gateways-benchmark): the same types, keys and
 * `@requires`/`@provides`, so that a planner meets the same problem.
 */
const link = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [${imports}])\n`;

/** Names of the subgraphs, in the order in which they are composed. */
export const subgraphNames = ['accounts', 'inventory', 'products', 'reviews'] as const;

export type SubgraphName = (typeof subgraphNames)[number];

/** SDL by subgraph. */
export const subgraphSdl: Readonly<Record<SubgraphName, string>> = {
  accounts:
    link('"@key", "@shareable"') +
    `
    type Query {
      me: User
      user(id: ID!): User
      users: [User]
    }
    type User @key(fields: "id") {
      id: ID!
      name: String
      username: String @shareable
      birthday: Int
    }
    `,
  inventory:
    link('"@key", "@external", "@requires"') +
    `
    type Product @key(fields: "upc") {
      upc: String!
      weight: Int @external
      price: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }
    `,
  products:
    link('"@key"') +
    `
    type Query {
      topProducts(first: Int = 5): [Product]
    }
    type Product @key(fields: "upc") {
      upc: String!
      name: String
      price: Int
      weight: Int
    }
    `,
  reviews:
    link('"@key", "@external", "@provides"') +
    `
    type Review @key(fields: "id") {
      id: ID!
      body: String
      product: Product
      author: User @provides(fields: "username")
    }
    type User @key(fields: "id") {
      id: ID!
      username: String @external
      reviews: [Review]
    }
    type Product @key(fields: "upc") {
      upc: String!
      reviews: [Review]
    }
    `,
};
