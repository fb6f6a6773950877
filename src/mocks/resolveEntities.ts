import { GraphQLError } from 'graphql';

import { saidOf } from './MockObject.js';
import type { MockContext } from './mockSubgraph.js';
import type { MockWorld } from './MockWorld.js';
import type { MockResolverTable } from './resolversOf.js';
import type { SubgraphFacts } from './SubgraphFacts.js';

type Values = Readonly<Record<string, unknown>>;

/** The resolver of `_entities`: each representation finds an object of the world, or what `__resolveReference` says of it. */
export function resolveEntities(
  world: MockWorld,
  subgraph: SubgraphFacts,
  resolvers: MockResolverTable,
): (representations: readonly unknown[], context: MockContext) => unknown[] {
  const entity = (representation: unknown, context: MockContext): unknown => {
    const { typeName, values } = readRepresentation(representation, subgraph);
    const choices = world.graph.choicesOf(subgraph, typeName);
    const found = world.find(choices, values, undefined, values);
    if (found === undefined) throw new GraphQLError(`A representation of ${typeName} without a key`);
    const reference = resolvers.reference(typeName) ?? resolvers.reference(found.local);
    const withGiven = (given: unknown): unknown => {
      if (given === undefined) return found.entity && world.store.isDeleted(found.entity) ? null : found;
      if (typeof given !== 'object' || given === null || given instanceof Error) return given;
      const named = choices.filter(({ member }) => member === saidOf(given, '__typename'));
      return world.find(named.length > 0 ? named : choices, values, given, values);
    };
    if (reference === undefined) return withGiven(undefined);
    const given = reference(values, context);
    return given instanceof Promise ? given.then(withGiven) : withGiven(given);
  };

  return (representations, context) =>
    representations.map((representation) => {
      try {
        return entity(representation, context);
      } catch (error) {
        // Its place in the list is what graphql-js reports the error at.
        return error instanceof Error ? error : new Error(String(error));
      }
    });
}

/** Throws: a GraphQLError for what is no representation of an entity of the subgraph. */
function readRepresentation(representation: unknown, { keys }: SubgraphFacts): { typeName: string; values: Values } {
  if (typeof representation !== 'object' || representation === null)
    throw new GraphQLError('A representation is an object');
  const values = representation as Values;
  const { __typename: typeName } = values;
  if (typeof typeName !== 'string' || !keys.has(typeName)) {
    throw new GraphQLError(`The subgraph has no entity type "${String(typeName)}"`);
  }
  return { typeName, values };
}
