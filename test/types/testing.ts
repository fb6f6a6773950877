/** What the types of `portico/testing` promise. Checked by `npm run types`; nothing here runs. */
import { createTestGateway } from '../../src/testing/index.js';
import type { TestAnswer, TestCall, TestGateway } from '../../src/testing/index.js';
import { assertType } from './Equals.js';
import type { Equals } from './Equals.js';

assertType<Equals<ReturnType<typeof createTestGateway>, Promise<TestGateway>>>();
assertType<Equals<ReturnType<TestGateway['execute']>, Promise<TestAnswer>>>();
assertType<Equals<TestGateway['calls'], readonly TestCall[]>>();

void createTestGateway({
  subgraphs: {
    books: {
      typeDefs: 'type Query { book(id: ID!): Book } type Book @key(fields: "id") { id: ID! }',
      resolvers: {
        Query: { book: (_parent, { id }: { id: string }, call) => ({ id, seenBy: call.subgraph }) },
        Book: { __resolveReference: ({ id }: { id: string }) => ({ id }) },
      },
    },
  },
  settings: { limits: { maxDepth: 3 } },
});
// @ts-expect-error a subgraph has an SDL
void createTestGateway({ subgraphs: { books: {} } });
// @ts-expect-error the supergraph is composed of the subgraphs
void createTestGateway({ subgraphs: {}, settings: { supergraph: { file: 'a.graphql' } } });
