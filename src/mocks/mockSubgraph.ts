import { print } from 'graphql';
import type { DocumentNode, GraphQLResolveInfo, GraphQLScalarType } from 'graphql';

import { checkKeys } from './checkKeys.js';
import type { MockCall } from './MockedSubgraph.js';

/** What mock functions and resolvers get as their context: the call, and the subgraph it went to. */
export interface MockContext extends MockCall {
  readonly subgraph: string;
}

/**
 * Gives a value for one field.
 *
 * `parent` has `__typename`, the keys of an entity, what the gateway sent with it (`@requires` inputs included), and every other field
 * without arguments at its mocked value, read on demand. A result may be partial: what it leaves out is mocked. `undefined` means "mock it".
 */
export type MockFunction = (
  // oxlint-disable-next-line typescript/no-explicit-any -- whoever writes a mock knows what its parent and arguments are
  parent: any,
  // oxlint-disable-next-line typescript/no-explicit-any -- see above
  args: any,
  context: MockContext,
) => unknown;

/**
 * By type, then by field: a value, or a function that gives one. A scalar has its value or function directly.
 * `{ Product: { name: 'Chair', price: (product) => product.weight * 2 }, DateTime: '2026-01-01T00:00:00Z' }`.
 * A value of an object type may be partial and a list may hold partial objects.
 *
 * Mocks describe the world: a field that several subgraphs answer has one mock, wherever it is written (the first one counts).
 */
export type MockValues = Readonly<Record<string, MockFunction | Readonly<Record<string, MockValue>> | MockLeaf>>;
/** Of a field: a function, or what it is; of a composite type a part is enough. */
export type MockValue = MockFunction | object | MockLeaf;
type MockLeaf = string | number | bigint | boolean | readonly unknown[] | null | undefined;

/** A graphql-js resolver on top of the mocks. Its result may be partial: what it leaves out is mocked. */
export type MockResolver = (
  // oxlint-disable-next-line typescript/no-explicit-any -- whoever writes a resolver knows what its parent and arguments are
  parent: any,
  // oxlint-disable-next-line typescript/no-explicit-any -- see above
  args: any,
  context: MockContext,
  info: GraphQLResolveInfo,
) => unknown;

/**
 * A resolver map as for `buildSubgraphSchema`: by type, then by field; `__resolveReference(representation, context)` finds an entity and
 * null means that there is none. Fields without a resolver are mocked. Unlike `mocks`, resolvers serve their own subgraph only.
 */
export type MockResolvers = Readonly<
  Record<string, GraphQLScalarType | Readonly<Record<string, MockResolver | { readonly resolve: MockResolver }>>>
>;

export interface MockSubgraphOptions {
  /** The SDL, Federation 1 or 2; that of a REST service (`@connect`) too. Fields may carry `@mock` (see docs/mocking.md). */
  readonly typeDefs: string | DocumentNode;
  /** Default: none. */
  readonly mocks?: MockValues | undefined;
  /** Default: none. */
  readonly resolvers?: MockResolvers | undefined;
  /**
   * Lets mutations of this subgraph change the world: what one creates, updates or deletes is seen by later queries of all subgraphs.
   * `true`, or the entities that exist besides the mocked ones: `{ Product: [{ upc: '1', name: 'Chair' }] }`.
   * Default false: mutations answer plausibly and change nothing.
   */
  readonly store?: boolean | Readonly<Record<string, ReadonlyArray<Readonly<Record<string, unknown>>>>> | undefined;
}

/** What is said about one mock; `createMocks` or `createTestGateway` make a subgraph of it. */
export interface MockSubgraph extends Omit<MockSubgraphOptions, 'typeDefs' | 'resolvers'> {
  readonly typeDefs: string;
  /** Loosely: beside `{ typeDefs, resolvers }` of other kinds, more would leave functions there without types. */
  readonly resolvers?: Readonly<Record<string, GraphQLScalarType | Readonly<Record<string, unknown>>>> | undefined;
  /** Tells a mock from other kinds of subgraphs. */
  readonly kind: 'mock';
}

/**
 * A subgraph made up from its SDL alone: `mockSubgraph('type Query { me: User } …')`.
 *
 * What is wrong with it is said by `createMocks`, where the whole graph is known. Throws: a TypeError for an option that there is not.
 */
export function mockSubgraph(options: string | MockSubgraphOptions): MockSubgraph {
  if (typeof options === 'string') return { typeDefs: options, kind: 'mock' };
  checkKeys('mockSubgraph', options, ['typeDefs', 'mocks', 'resolvers', 'store', 'kind']);
  return { ...options, typeDefs: textOf(options.typeDefs), kind: 'mock' };
}

/** The SDL as text. */
export function textOf(typeDefs: string | DocumentNode): string {
  return typeof typeDefs === 'object' ? print(typeDefs) : typeDefs;
}
