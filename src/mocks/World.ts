import type { GraphQLField } from 'graphql';

import type { BoundedMap } from './BoundedMap.js';
import type { EntityNames } from './EntityNames.js';
import type { Choice, MockGraph } from './MockGraph.js';
import type { EntityName, MockObject } from './MockObject.js';
import type { MockSayings } from './MockSayings.js';
import type { MockStore } from './MockStore.js';
import type { MockContext } from './mockSubgraph.js';
import type { Arguments } from './readArguments.js';
import type { SubgraphFacts } from './SubgraphFacts.js';

/** One field of one object, asked in one subgraph. */
export interface FieldRequest {
  readonly subgraph: SubgraphFacts;
  readonly object: MockObject;
  readonly field: GraphQLField<unknown, unknown>;
  readonly args: Arguments;
  readonly context: MockContext;
}

/** Where in the lists of a field something stands. */
export interface Place {
  readonly depth: number;
  /** `[0][2]`; empty outside lists. */
  readonly text: string;
  /** In the innermost list. */
  readonly index: number;
}

export interface WorldSettings {
  readonly seed: string;
  readonly listLength: readonly [min: number, max: number];
  readonly nulls: number;
}

export const OUTSIDE: Place = { depth: 0, text: '', index: 0 };

/** A world as its parts see it; MockWorld is the whole. */
export interface World {
  readonly graph: MockGraph;
  readonly names: EntityNames;
  readonly sayings: MockSayings;
  readonly settings: WorldSettings;
  readonly store: MockStore;
  /** Input fields of mutations, by the identity of what they made up. */
  readonly echoes: BoundedMap<Readonly<Record<string, unknown>>>;
  /** The value of a field as graphql-js takes it: objects are MockObjects. May be a promise. */
  read(request: FieldRequest): unknown;
  /** The object at a place that nobody has said anything about, or only `given`; null for one that was deleted. */
  pick(request: FieldRequest, place: Place, given?: object): MockObject | null;
  /** The entity with these key values, as one of the choices. undefined when the values hold no key of any of them. */
  find(
    choices: readonly Choice[],
    values: object,
    given?: object,
    inputs?: MockObject['inputs'],
  ): MockObject | undefined;
  entityObject(choice: Choice, entity: EntityName, given?: object, inputs?: MockObject['inputs']): MockObject;
  /** What tells a field of an object from all others; paging does not. */
  textOf(request: FieldRequest): string;
  /** An object with fields to read, for mock functions. */
  view(object: MockObject, context: MockContext): object;
}
