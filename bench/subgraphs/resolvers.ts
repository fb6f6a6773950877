import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { products, reviews, users, type ReviewRow, type UserRow } from './data.js';
import { subgraphNames, subgraphSdl, type SubgraphName } from './schemas.js';

/** A user id that exists without being listed: the benchmark's never-repeating ids. */
export const syntheticId = /\bu\d{8}\b/g;

type Reference = Readonly<Record<string, unknown>>;

function userById(id: string): UserRow | null {
  const listed = users.find((user) => user.id === id);
  if (listed !== undefined) return listed;
  // Uniform apart from the id, so that an answer for one id is a template for all (answer.ts relies on it).
  return /^u\d{8}$/.test(id) ? { id, name: `User ${id}`, username: `name-${id}`, birthday: 1234567890 } : null;
}

const productByUpc = (upc: unknown) => products.find((product) => product.upc === upc) ?? null;

/** Every user has the first two reviews and every review the first user as author, as in the public benchmark. */
const reviewer = (id: string, username?: string) => ({ id, username, reviews: reviews.slice(0, 2) });

const resolvers = {
  accounts: {
    Query: {
      me: () => users[0],
      user: (_: unknown, args: { id: string }) => userById(args.id),
      users: () => users,
    },
    User: { __resolveReference: (ref: Reference) => userById(String(ref['id'])) },
  },
  inventory: {
    Product: {
      __resolveReference: (ref: Reference) => {
        const row = productByUpc(ref['upc']);
        return row && { upc: row.upc, inStock: row.inStock, price: ref['price'], weight: ref['weight'] };
      },
      shippingEstimate: ({ price, weight }: Reference) => {
        if (typeof price !== 'number' || typeof weight !== 'number') throw new Error('price and weight are required');
        return price > 1000 ? 0 : Math.floor(weight / 2);
      },
    },
  },
  products: {
    Query: { topProducts: (_: unknown, args: { first: number | null }) => products.slice(0, args.first ?? 5) },
    Product: { __resolveReference: (ref: Reference) => productByUpc(ref['upc']) },
  },
  reviews: {
    User: { __resolveReference: (ref: Reference) => reviewer(String(ref['id'])) },
    Product: {
      __resolveReference: (ref: Reference) => ({ upc: ref['upc'] }),
      reviews: (parent: { upc: string }) => reviews.filter((review) => review.upc === parent.upc),
    },
    Review: {
      __resolveReference: (ref: Reference) => reviews.find((review) => review.id === ref['id']) ?? null,
      product: (review: ReviewRow) => ({ upc: review.upc }),
      author: () => reviewer('1', users[0]?.username),
    },
  },
};

/** Executable schemas of all subgraphs. */
export const schemas = Object.fromEntries(
  subgraphNames.map((name) => [
    name,
    buildSubgraphSchema({ typeDefs: parse(subgraphSdl[name]), resolvers: resolvers[name] }),
  ]),
) as Record<SubgraphName, GraphQLSchema>;
