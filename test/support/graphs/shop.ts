import type { DataRecord, FederatedGraph, GraphData } from './FederatedGraph.js';

const valueTypes = /* GraphQL */ `
  enum Unit {
    KG
    LB
  }
  type Dimensions @shareable {
    size: Int!
    weight(unit: Unit! = KG): Float!
    box: Box
  }
  type Box @shareable {
    w: Int
    h: Int
  }
`;

const products = /* GraphQL */ `
  ${valueTypes}
  scalar Json
  enum Kind {
    TOY
    BOOK
    TOOL
  }
  input ProductFilter {
    minPrice: Float
    kinds: [Kind!] = [TOY, BOOK]
    name: String
    not: ProductFilter
  }
  type Query {
    products(first: Int = 3, filter: ProductFilter): [Product!]!
    product(upc: String!): Product
    topProduct: Product!
    echo(json: Json, list: [[Int!]]): Json
  }
  type Brand @shareable {
    id: ID!
    name: String!
  }
  type Product @key(fields: "upc") @key(fields: "sku brand { id }") {
    upc: String!
    sku: String!
    brand: Brand!
    name: String
    kind: Kind!
    price(currency: String = "USD"): Float
    weight: Float
    dimensions: Dimensions!
    tags: [String!]!
    matrix(size: Int = 2): [[Int]!]!
    related(first: Int = 2): [Product!]!
    extra: Json
  }
`;

const inventory = /* GraphQL */ `
  ${valueTypes}
  type Query {
    warehouses: [Warehouse]!
    warehouse(id: ID = "w1"): Warehouse
  }
  type Product @key(fields: "upc") {
    upc: String!
    price(currency: String = "USD"): Float @external
    weight: Float @external
    dimensions: Dimensions! @external
    shippingEstimate: Float @requires(fields: "price(currency: \\"USD\\") weight")
    shippingEstimateEU: Float @requires(fields: "price(currency: \\"EUR\\") weight")
    volume(factor: Int! = 1): Int @requires(fields: "dimensions { size box { w h } }")
    pounds: Float @requires(fields: "dimensions { weight(unit: LB) }")
    inStock: Boolean
    warehouses(limit: Int): [Warehouse!]
  }
  type Warehouse @key(fields: "id") {
    id: ID!
    city: String
    products(first: Int = 2): [Product!]!
  }
`;

const reviews = /* GraphQL */ `
  enum Order {
    ASC
    DESC
  }
  type Query {
    review(id: ID!): Review
    latestReviews(first: Int = 2): [Review]
  }
  type Mutation {
    addReview(input: NewReview!): Review!
  }
  input NewReview {
    sku: String!
    body: String = "fine"
    stars: Int! = 3
  }
  type Brand @shareable {
    id: ID!
  }
  type Product @key(fields: "sku brand { id }") {
    sku: String!
    brand: Brand!
    reviews(first: Int = 2, order: Order = DESC): [Review!]!
    averageStars: Float
  }
  type Review @key(fields: "id") {
    id: ID!
    body: String
    stars: Int!
    author: User @provides(fields: "username")
    product: Product
  }
  type User @key(fields: "id") {
    id: ID!
    username: String @external
    email: String @external
    signature: String! @requires(fields: "email")
    reviews(order: Order! = ASC): [Review!]!
  }
`;

const accounts = /* GraphQL */ `
  type Query {
    me: User
    users(ids: [ID!]): [User]!
    userByEmail(email: String!): User
  }
  type Mutation {
    renameUser(id: ID!, username: String!): User
  }
  type User @key(fields: "id") @key(fields: "email") {
    id: ID!
    email: String
    username: String @shareable
    name: Name
    friends(first: Int): [User!]
    joined: Date!
  }
  scalar Date
  type Name {
    first: String!
    last: String
  }
`;

const round = (n: number): number => Math.round(n * 100) / 100;

function data(): GraphData {
  const productList: DataRecord[] = [];
  const warehouseList: DataRecord[] = [];
  const reviewList: DataRecord[] = [];
  const userList: DataRecord[] = [];
  const kinds = ['TOY', 'BOOK', 'TOOL'];
  for (let i = 1; i <= 5; i++) {
    const price = i === 4 ? null : i * 10;
    const weight = i === 5 ? null : i / 2;
    const dimensions: DataRecord = {
      __typename: 'Dimensions',
      $id: `Dimensions:p${i}`,
      size: i * 3,
      weight: ({ unit }: { unit: string }) => (unit === 'LB' ? i * 2 : i),
      box: i === 3 ? null : { __typename: 'Box', $id: `Box:p${i}`, w: i, h: i === 2 ? null : i + 1 },
    };
    productList.push({
      __typename: 'Product',
      $id: `Product:p${i}`,
      upc: `p${i}`,
      sku: `s${i % 3}`,
      brand: { __typename: 'Brand', $id: `Brand:p${i}`, id: `b${i}`, name: `Brand ${i}` },
      name: i === 2 ? null : `Product ${i}`,
      kind: kinds[i % 3],
      price: ({ currency }: { currency: string | null }) =>
        price === null ? null : currency === 'EUR' ? price * 0.9 : currency === 'USD' ? price : price * 100,
      weight,
      dimensions,
      tags: Array.from({ length: i % 3 }, (_, k) => `tag${k}`),
      matrix: ({ size }: { size: number | null }) =>
        Array.from({ length: Math.min(size ?? 1, 3) }, (_, r) => [i, null, r]),
      related: ({ first }: { first: number | null }) =>
        Array.from({ length: Math.max(0, Math.min(first ?? 1, 3)) }, (_, k) => productList[(i + k) % 5]),
      extra: { ['deep']: [{ a: i }, null, 'x'], constructor: 'no', n: i / 4 },
      shippingEstimate: estimate(price, weight),
      shippingEstimateEU: estimate(price === null ? null : price * 0.9, weight),
      volume: ({ factor }: { factor: number }) => volume(i * 3, dimensions['box'] as Box | null, factor),
      pounds: i * 4,
      inStock: i === 1 ? null : i % 2 === 0,
      warehouses: ({ limit }: { limit: number | null | undefined }) =>
        i === 5 ? null : warehouseList.slice(0, Math.max(0, limit ?? i)),
      reviews: ({ first, order }: { first: number | null; order: string | null }) =>
        ordered(
          reviewList.filter((review) => review['product'] === productList[i - 1]),
          order,
        ).slice(0, Math.max(0, first ?? 9)),
      averageStars: i === 2 ? null : i + 0.5,
    });
    warehouseList.push({
      __typename: 'Warehouse',
      $id: `Warehouse:w${i}`,
      id: `w${i}`,
      city: i === 2 ? null : `City ${i}`,
      products: ({ first }: { first: number | null }) => productList.slice(0, Math.max(0, first ?? 1)),
    });
    userList.push({
      __typename: 'User',
      $id: `User:u${i}`,
      id: `u${i}`,
      email: `u${i}@example.org`,
      username: i === 3 ? null : `user${i}`,
      name: i === 4 ? null : { __typename: 'Name', $id: `Name:u${i}`, first: `F${i}`, last: i === 1 ? null : `L${i}` },
      friends: ({ first }: { first?: number | null }) =>
        i === 5 ? null : [userList[i % 5], userList[(i + 1) % 5]].slice(0, Math.max(0, first ?? 2)),
      joined: `2020-01-0${i}`,
      signature: `-- u${i}@example.org`,
      reviews: ({ order }: { order: string }) =>
        ordered(
          reviewList.filter((review) => review['author'] === userList[i - 1]),
          order,
        ),
    });
  }
  for (let i = 1; i <= 8; i++) {
    reviewList.push({
      __typename: 'Review',
      $id: `Review:r${i}`,
      id: `r${i}`,
      body: i === 3 ? null : `Body ${i}`,
      stars: i % 5,
      author: i === 6 ? null : userList[i % 5],
      product: i === 7 ? null : productList[(i * 2) % 5],
    });
  }
  const records = [...productList, ...warehouseList, ...reviewList, ...userList];
  return {
    Query: {
      products: ({ first, filter }: { first: number | null; filter?: Filter | null }) =>
        productList.filter((product) => matches(product, filter)).slice(0, Math.max(0, first ?? 2)),
      product: ({ upc }: { upc: string }) => productList.find((product) => product['upc'] === upc) ?? null,
      topProduct: productList[0],
      echo: (args: object) => ('json' in args || 'list' in args ? { ...args } : null),
      warehouses: [...warehouseList.slice(0, 2), null],
      warehouse: ({ id }: { id: string | null }) => warehouseList.find((one) => one['id'] === id) ?? null,
      review: ({ id }: { id: string }) => reviewList.find((review) => review['id'] === id) ?? null,
      latestReviews: ({ first }: { first: number | null }) =>
        first === null ? null : [null, ...reviewList.slice(0, Math.max(0, first))],
      me: userList[0],
      users: ({ ids }: { ids?: readonly string[] | null }) =>
        (ids ?? ['u2', 'u9', 'u2', 'u3']).map((id) => userList.find((user) => user['id'] === id) ?? null),
      userByEmail: ({ email }: { email: string }) => userList.find((user) => user['email'] === email) ?? null,
    },
    Mutation: {
      addReview: ({ input }: { input: { sku: string; body: string | null; stars: number } }) => {
        const id = `r${reviewList.length + 1}`;
        const product = productList.find((one) => one['sku'] === input.sku) ?? null;
        const review = { ...input, __typename: 'Review', $id: `Review:${id}`, id, author: userList[0], product };
        reviewList.push(review);
        records.push(review);
        return review;
      },
      renameUser: ({ id, username }: { id: string; username: string }) => {
        const user = userList.find((one) => one['id'] === id);
        return user === undefined ? null : Object.assign(user, { username });
      },
    },
    records,
  };
}

interface Filter {
  readonly minPrice?: number | null;
  readonly kinds?: readonly string[] | null;
  readonly name?: string | null;
  readonly not?: Filter | null;
}
interface Box {
  readonly w: number | null;
  readonly h: number | null;
}
interface Sizes {
  readonly size: number;
  readonly box: Box | null;
  readonly weight: number;
}

function estimate(price: unknown, weight: unknown): number | null {
  return typeof price === 'number' && typeof weight === 'number' ? round(price * weight) : null;
}

function volume(size: number, box: Box | null, factor: number): number {
  return (size + (box?.w ?? 100) * (box?.h ?? 10)) * factor;
}

function ordered(list: readonly DataRecord[], order: string | null): readonly DataRecord[] {
  return order === 'DESC' ? list.toReversed() : list;
}

function matches(product: DataRecord, filter: Filter | null | undefined): boolean {
  if (filter === null || filter === undefined) return true;
  const { minPrice, kinds, name, not } = filter;
  if (typeof minPrice === 'number' && Number(String(product['upc']).slice(1)) * 10 < minPrice) return false;
  if (kinds && !kinds.includes(String(product['kind']))) return false;
  if (typeof name === 'string' && product['name'] !== name) return false;
  return !(not && matches(product, not));
}

/** Keys of several fields and nested, `@requires` plain, nested and with conflicting arguments, `@provides`, value types, mutations. */
export const shop: FederatedGraph = {
  name: 'shop',
  subgraphs: { products, inventory, reviews, accounts },
  data,
  overrides: {
    'inventory.Product.shippingEstimate': ({ rep }) => estimate(rep['price'], rep['weight']),
    'inventory.Product.shippingEstimateEU': ({ rep }) => estimate(rep['price'], rep['weight']),
    'inventory.Product.volume': ({ rep, args }) => {
      const { size, box } = rep['dimensions'] as Sizes;
      return volume(size, box, Number(args['factor']));
    },
    'inventory.Product.pounds': ({ rep }) => (rep['dimensions'] as Sizes).weight * 2,
    'reviews.User.signature': ({ rep }) => `-- ${String(rep['email'])}`,
  },
  values: {
    ID: ['w1', 'w2', 'r1', 'r2', 'r6', 'u1', 'u3', 'nope'],
    String: ['p1', 'p2', 'p4', 's1', 'EUR', 'USD', 'u1@example.org', 'Product 1'],
    Int: [0, 1, 2, 3],
    Float: [0, 10, 20.5, 30],
    Json: ['x', 1, true, { a: [1, null, { b: 'c' }] }, [], null],
  },
  stock: true,
};
