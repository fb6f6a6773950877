import type { GraphServerOptions } from '../graphServers.js';

/** Two subgraphs, one entity between them: as small as a federated graph can be. */
export const shelf = {
  books: {
    typeDefs: `
      type Query { book: Book  whoAmI: String  echo(word: String): String }
      type Mutation { rename(title: String!): Book }
      type Book @key(fields: "id") { id: ID! title: String }
    `,
    resolvers: {
      Query: {
        book: () => ({ id: '1', title: 'Emma' }),
        whoAmI: (_: unknown, _args: unknown, request: { headers: Record<string, unknown> }) =>
          request.headers['authorization'] ?? null,
        echo: (_: unknown, { word }: { word?: string }) => word ?? null,
      },
      Mutation: { rename: (_: unknown, { title }: { title: string }) => ({ id: '1', title }) },
    },
  },
  reviews: {
    typeDefs: `type Book @key(fields: "id") { id: ID! stars: Int }`,
    resolvers: { Book: { __resolveReference: ({ id }: { id: string }) => ({ id, stars: 5 }) } },
  },
} as const satisfies Readonly<Record<string, GraphServerOptions>>;
