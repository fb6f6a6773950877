import type { MockedSubgraph } from './MockedSubgraph.js';
import type { MockSubgraph } from './mockSubgraph.js';

export interface MockWorldOptions {
  /** The same seed gives the same world. Default 1. */
  readonly seed?: number | string | undefined;
  /** How many items a list has, or the least and the most. An argument like `first` or `limit` goes before it. Default 3. */
  readonly listLength?: number | readonly [min: number, max: number] | undefined;
  /** The share of nullable fields that are null, from 0 to 1. Default 0. */
  readonly nulls?: number | undefined;
}

/**
 * Makes one world of these subgraphs: the same key is the same object in all of them.
 *
 * Values follow from the seed, the object, the field and its arguments; never from the order of calls.
 * Throws: a GraphQLError when an SDL does not parse or names unknown types; an Error for a mock or resolver of a type or field
 * that is not there. Whether the subgraphs compose is not checked.
 */
export function createMocks(
  subgraphs: ReadonlyMap<string, MockSubgraph>,
  options: MockWorldOptions = {},
): ReadonlyMap<string, MockedSubgraph> {
  void options;
  return new Map(
    [...subgraphs].map(([name, { typeDefs }]) => [
      name,
      { name, sdl: typeDefs, answer: () => Promise.resolve({ data: null, errors: [{ message: 'not mocked yet' }] }) },
    ]),
  );
}
