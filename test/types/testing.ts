/** What the types of `portico/testing` promise. Checked by `npm run types`; nothing here runs. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { expect } from 'vitest';

import '../../src/testing/vitest.js';
import {
  createTestGateway,
  fakeClock,
  mockSubgraph,
  recordSubgraphs,
  replaySubgraphs,
  restSubgraph,
} from '../../src/testing/index.js';
import type { TestAnswer, TestCall, TestGateway, TypedDocument } from '../../src/testing/index.js';
import { assertType } from './Equals.js';
import type { Equals } from './Equals.js';

assertType<Equals<ReturnType<typeof createTestGateway>, Promise<TestGateway>>>();
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

// Typed documents: variables that are required must be given, answers have their types.
declare const gateway: TestGateway;
declare const book: TypedDocumentNode<{ book: { title: string } | null }, { id: string }>;
declare const all: TypedDocumentNode<{ books: string[] }, Record<string, never>>;
declare const text: string & TypedDocument<{ n: number }, { a?: number }>;
const one = gateway.execute(book, { id: '1' });
assertType<Equals<typeof one, Promise<TestAnswer<{ book: { title: string } | null }>>>>();
const many = gateway.as({ sub: 'ada' }).execute(all);
assertType<Equals<typeof many, Promise<TestAnswer<{ books: string[] }>>>>();
const number = gateway.execute(text, { a: 1 });
assertType<Equals<typeof number, Promise<TestAnswer<{ n: number }>>>>();
const untyped = gateway.execute('{ a }', { any: 1 });
assertType<Equals<typeof untyped, Promise<TestAnswer>>>();
const parsed = gateway.execute(parse('{ a }'));
assertType<Equals<typeof parsed, Promise<TestAnswer>>>();
// @ts-expect-error a required variable
void gateway.execute(book);
// @ts-expect-error of another type
void gateway.execute(book, { id: 1 });
void one.then(({ data }) => {
  // @ts-expect-error no such field
  void data?.book?.name;
});

// Subgraphs of every kind.
declare const schema: GraphQLSchema;
void createTestGateway({ subgraphs: { a: '', b: mockSubgraph(''), c: schema, d: { url: 'http://a.test' } } });
void createTestGateway({ supergraph: '', clock: fakeClock(), seed: 'x', settings: { csrf: { enabled: false } } });
void replaySubgraphs('a.json').then((subgraphs) => createTestGateway({ subgraphs }));
void createTestGateway({ subgraphs: recordSubgraphs({ a: { url: 'http://a.test' } }).subgraphs });

void createTestGateway({ subgraphs: { a: { typeDefs: parse('') }, b: mockSubgraph({ typeDefs: parse('') }) } });
restSubgraph({
  typeDefs: '',
  routes: { 'GET /a/:id': ({ params, query, body }) => [params['id']?.length, query.get('q'), body?.length] },
});
// Functions of mocks need no types.
mockSubgraph({
  typeDefs: '',
  mocks: {
    User: { name: (user, args, { subgraph }) => `${user.id} ${args.x} ${subgraph.length}` },
    Date: () => 'x',
    N: 7,
  },
  resolvers: {
    Query: { me: (parent, { id }, { headers }, info) => [parent, id, headers['a']?.length, info.fieldName] },
  },
});
mockSubgraph({
  typeDefs: '',
  mocks: { Query: { me: { name: 'A', deep: [{ a: [1] }] }, all: [{}, { name: null }], n: null } },
});
declare const user: { readonly user: TestAnswer };
mockSubgraph({ typeDefs: '', mocks: { Query: { me: user.user } } });
// @ts-expect-error a resolver is a function
mockSubgraph({ typeDefs: '', resolvers: { Query: { me: 7 } } });
// @ts-expect-error routes are functions
restSubgraph({ routes: { 'GET /a': 1 } });

// Faults chain, and only where they make sense.
gateway.subgraph('a').delay(1).once().respondWith(503).times(2).fail('dns');
// @ts-expect-error no such reason
gateway.subgraph('a').fail('bored');
// @ts-expect-error the next call is for a subgraph as a whole
gateway.subgraph('a').once().failNext();

// Matchers.
expect(gateway).toHaveFetched('a', { method: 'POST', url: /b/, body: { c: 1 } });
// @ts-expect-error no such method
expect(gateway).toHaveFetched('a', { method: 'FETCH' });
// @ts-expect-error calls have nothing of that name
expect(gateway).toHaveFetched('a', { field: ['b'] });
expect(gateway).toHaveFetched('a', { kind: 'query', headers: { a: /b/ } });
expect(gateway).not.toHaveFetchedTimes(2, 'a');
expect({}).toHaveErrorAt(['a', 0], 'CODE');
// @ts-expect-error a call is a query or a mutation
expect(gateway).toHaveFetched('a', { kind: 'subscription' });
// @ts-expect-error how many times?
expect(gateway).toHaveFetchedTimes('a');
