import { GraphQLError, execute, parse, validate } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';

import { BoundedMap } from './BoundedMap.js';
import type { MockAnswer, MockCall } from './MockedSubgraph.js';
import { isMockObject, saidOf } from './MockObject.js';
import type { MockObject } from './MockObject.js';
import type { MockContext } from './mockSubgraph.js';
import type { MockWorld } from './MockWorld.js';
import type { Arguments } from './readArguments.js';
import { resolversOf } from './resolversOf.js';
import type { SubgraphFacts } from './SubgraphFacts.js';

/** Documents kept parsed and validated. */
const MAX_DOCUMENTS = 500;

type Prepared = DocumentNode | readonly GraphQLError[];

/**
 * Gives the function that answers the calls of one subgraph, with graphql-js on its schema.
 *
 * Throws: an Error for a resolver of a type or field that is not there.
 */
export function answerCalls(world: MockWorld, subgraph: SubgraphFacts): (call: MockCall) => Promise<MockAnswer> {
  const { schema } = subgraph;
  const resolvers = resolversOf(subgraph);
  const documents = new BoundedMap<Prepared>(MAX_DOCUMENTS);
  const roots = new Map<GraphQLObjectType | null | undefined, string>([
    [schema.getQueryType(), 'query'],
    [schema.getMutationType(), 'mutation'],
    [schema.getSubscriptionType(), 'subscription'],
  ]);
  const objectOf = (source: unknown, parentType: GraphQLObjectType): MockObject =>
    isMockObject(source) ? source : world.root(parentType.name, roots.get(parentType) ?? parentType.name);

  const fieldResolver: GraphQLFieldResolver<unknown, MockContext, Arguments> = (source, args, context, info) => {
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

  const entities = (representations: readonly unknown[], context: MockContext): unknown[] =>
    representations.map((representation) => {
      try {
        return entity(representation, context);
      } catch (error) {
        // Its place in the list is what graphql-js reports the error at.
        return error instanceof Error ? error : new Error(String(error));
      }
    });

  const entity = (representation: unknown, context: MockContext): unknown => {
    if (typeof representation !== 'object' || representation === null)
      throw new GraphQLError('A representation is an object');
    const values = representation as Readonly<Record<string, unknown>>;
    const { __typename: typeName } = values;
    if (typeof typeName !== 'string' || !subgraph.keys.has(typeName)) {
      throw new GraphQLError(`The subgraph has no entity type "${String(typeName)}"`);
    }
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

  const prepare = (query: string): Prepared => {
    let prepared = documents.get(query);
    if (prepared === undefined) {
      prepared = parseAndValidate(schema, query);
      documents.set(query, prepared);
    }
    return prepared;
  };

  return async (call) => {
    const prepared = prepare(call.query);
    if (!('kind' in prepared)) return plain({ errors: prepared });
    const result = await execute({
      schema,
      document: prepared,
      operationName: call.operationName,
      variableValues: call.variables,
      contextValue: { ...call, subgraph: subgraph.name } satisfies MockContext,
      fieldResolver: fieldResolver as GraphQLFieldResolver<unknown, unknown>,
      typeResolver: (value) => (isMockObject(value) ? value.local : undefined),
    });
    return plain(result);
  };

  function parseAndValidate(schemaOf: GraphQLSchema, query: string): Prepared {
    try {
      const document = parse(query);
      const invalid = validate(schemaOf, document);
      return invalid.length > 0 ? invalid : document;
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }
}

/** As it would come over the wire. */
function plain(result: ExecutionResult): MockAnswer {
  return JSON.parse(JSON.stringify(result)) as MockAnswer;
}
