import type { GraphQLError } from 'graphql';

import { answerCalls } from './answerCalls.js';
import { fieldsFrom } from './answerMutation.js';
import type { MockedSubgraph } from './MockedSubgraph.js';
import type { MockSubgraph } from './mockSubgraph.js';
import { MockWorld } from './MockWorld.js';
import { MAX_ITEMS } from './readArguments.js';
import { readSubgraphFacts } from './SubgraphFacts.js';
import type { SubgraphFacts } from './SubgraphFacts.js';

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
 * Throws: an Error when an SDL does not parse or names unknown types, for a mock or resolver of a type or field that is not there; a
 * RangeError for numbers that make no sense. Whether the subgraphs compose is not checked.
 */
export function createMocks(
  subgraphs: ReadonlyMap<string, MockSubgraph>,
  { seed = 1, listLength = 3, nulls = 0 }: MockWorldOptions = {},
): ReadonlyMap<string, MockedSubgraph> {
  const lengths = typeof listLength === 'number' ? ([listLength, listLength] as const) : listLength;
  const [least, most] = lengths;
  const isRange = Number.isInteger(least) && Number.isInteger(most) && least >= 0 && least <= most;
  if (!isRange || most > MAX_ITEMS) {
    throw new RangeError(
      `listLength is ${String(listLength)}: a whole number up to ${MAX_ITEMS}, or the least and the most`,
    );
  }
  if (!(nulls >= 0 && nulls <= 1)) throw new RangeError(`nulls is ${String(nulls)}: a share from 0 to 1`);
  const facts = [...subgraphs].map(([name, said]) => readFacts(name, said));
  const world = new MockWorld(facts, { seed: String(seed), listLength: lengths, nulls });
  for (const { name, said } of facts) {
    if (typeof said.store !== 'object') continue;
    for (const [type, objects] of Object.entries(said.store)) for (const one of objects) stock(world, name, type, one);
  }
  return new Map(
    facts.map((one) => [one.name, { name: one.name, sdl: one.sdl, answer: answerCalls(world, one) }] as const),
  );
}

/** Throws: as readSubgraphFacts, with the subgraph and the place. */
function readFacts(name: string, said: MockSubgraph): SubgraphFacts {
  try {
    return readSubgraphFacts(name, said);
  } catch (error) {
    const { message, locations } = error as Partial<GraphQLError>;
    const [place] = locations ?? [];
    const at = place === undefined ? '' : ` (${place.line}:${place.column})`;
    throw new Error(`the SDL of subgraph "${name}"${at}: ${message}`, { cause: error });
  }
}

/** Puts an entity into the store. Throws: an Error for a type without a key, or an object without one. */
function stock(world: MockWorld, subgraph: string, type: string, object: Readonly<Record<string, unknown>>): void {
  const family = world.graph.family(type);
  const entity = family && world.names.find(family, family.members.includes(type) ? [type] : family.members, object);
  if (family === undefined || entity === undefined) {
    const why = family === undefined ? 'it is no entity type' : 'one of its objects has no key';
    throw new Error(`the store of subgraph "${subgraph}" cannot hold ${type}: ${why}`);
  }
  world.store.create(entity, fieldsFrom(world, world.names.memberOf(entity), object, family), false);
}
