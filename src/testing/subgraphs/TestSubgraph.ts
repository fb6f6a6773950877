import type { DocumentNode, GraphQLFieldResolver, GraphQLScalarType, GraphQLSchema } from 'graphql';

import type { MockSubgraph } from '../../mocks/mockSubgraph.js';
import type { TestCall } from '../records/TestCall.js';
import type { WireAnswer } from '../faults/WireAnswer.js';
import type { RestSubgraph } from './restSubgraph.js';

/** Resolvers as for `buildSubgraphSchema`: by type, then by field; `__resolveReference` finds an entity by its key. */
export type TestResolvers = Readonly<Record<string, GraphQLScalarType | Readonly<Record<string, TestResolver>>>>;
// oxlint-disable-next-line typescript/no-explicit-any -- whoever writes a resolver knows what its parent and arguments are
export type TestResolver = GraphQLFieldResolver<any, TestCall>;

/** An SDL with resolvers; without any it is mocked. */
export interface ResolvedSubgraph {
  /** The SDL. Without a federation `@link` all of Federation 2's directives may be used all the same. */
  readonly typeDefs: string | DocumentNode;
  /** One for a type or field that is not there is refused. */
  readonly resolvers?: TestResolvers | undefined;
}

/** A service that runs. */
export interface RealSubgraph {
  readonly url: string;
  /** Its SDL. Default: it is asked for it (`_service { sdl }`). */
  readonly typeDefs?: string | undefined;
}

/** Recorded answers, see `replaySubgraphs`. */
export interface ReplayedSubgraph {
  readonly kind: 'replay';
  readonly typeDefs: string;
  answer(call: TestCall): WireAnswer;
}

/** Whatever a test takes for a subgraph: an SDL to be mocked, a mock, an SDL with resolvers, an executable schema, a running service. */
export type TestSubgraph =
  | string
  | MockSubgraph
  | ResolvedSubgraph
  | GraphQLSchema
  | RealSubgraph
  | ReplayedSubgraph
  | RestSubgraph
  | ObservedSubgraph;

/** Where an ObservedSubgraph has its observer. */
export const observer = Symbol('observer');

/** Told of a subgraph's traffic by the gateway that it is part of. */
export interface SubgraphObserver {
  opened(name: string, sdl: string): void;
  /** @param clientHeaders what the client sent: its credentials are not to be written anywhere */
  ended(call: TestCall, clientHeaders: Readonly<Record<string, unknown>>): void;
}

/** A subgraph whose calls are written down, see `recordSubgraphs`. */
export interface ObservedSubgraph {
  readonly [observer]: SubgraphObserver;
  readonly subgraph: Exclude<TestSubgraph, ObservedSubgraph>;
}
