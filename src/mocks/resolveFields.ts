import type { GraphQLFieldResolver, GraphQLObjectType } from 'graphql';

import { isMockObject, saidOf } from './MockObject.js';
import type { MockObject } from './MockObject.js';
import type { MockContext } from './mockSubgraph.js';
import type { MockWorld } from './MockWorld.js';
import type { Arguments } from './readArguments.js';
import { resolveEntities } from './resolveEntities.js';
import { resolversOf } from './resolversOf.js';
import type { SubgraphFacts } from './SubgraphFacts.js';

/**
 * The resolver of all fields of a subgraph: what somebody wrote a resolver for is asked of that, everything else of the world.
 *
 * Throws: an Error for a resolver of a type or field that is not there.
 */
export function resolveFields(
  world: MockWorld,
  subgraph: SubgraphFacts,
): GraphQLFieldResolver<unknown, MockContext, Arguments> {
  const { schema } = subgraph;
  const resolvers = resolversOf(subgraph);
  const entities = resolveEntities(world, subgraph, resolvers);
  const roots = new Map<GraphQLObjectType | null | undefined, string>([
    [schema.getQueryType(), 'query'],
    [schema.getMutationType(), 'mutation'],
    [schema.getSubscriptionType(), 'subscription'],
  ]);
  const objectOf = (source: unknown, parentType: GraphQLObjectType): MockObject =>
    isMockObject(source) ? source : world.root(parentType.name, roots.get(parentType) ?? parentType.name);

  return (source, args, context, info) => {
    const { parentType, fieldName } = info;
    if (roots.get(parentType) === 'query') {
      if (fieldName === '_service') return { sdl: subgraph.ownSdl };
      if (fieldName === '_entities') return entities(args['representations'] as readonly unknown[], context);
    }
    if (parentType.name === '_Service') return saidOf(source as object, fieldName);
    const object = objectOf(source, parentType);
    const field = parentType.getFields()[fieldName]!;
    const request = { subgraph, object, field, args, context };
    const resolver = resolvers.field(parentType, fieldName);
    if (resolver === undefined) return world.read(request);
    const value = resolver(world.view(object, context), args, context, info);
    const shown = (one: unknown): unknown => (one === undefined ? world.read(request) : world.complete(request, one));
    return value instanceof Promise ? value.then(shown) : shown(value);
  };
}
