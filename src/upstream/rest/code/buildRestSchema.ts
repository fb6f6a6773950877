import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js';
import { isEnumType, isInterfaceType, isObjectType, isScalarType, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { PorticoError } from '../../../base/errors/PorticoError.js';
import type { RestResolvers, RestSubgraphDefinition, RestTypeResolvers } from './defineRestSubgraph.js';
import { noteThrown } from './resolverErrors.js';
import { messageOf } from '../../../base/kit/messageOf.js';

/**
 * The executable schema of a subgraph in code.
 *
 * Errors: CONFIG_INVALID for resolvers of what the schema does not have, or a schema that is none.
 */
export async function buildRestSchema(
  name: string,
  { typeDefs, resolvers }: RestSubgraphDefinition,
): Promise<GraphQLSchema> {
  // Late: a gateway without such subgraphs has no use for it.
  const { buildSubgraphSchema } = await import('@apollo/subgraph');
  try {
    const map = guarded(resolvers) as GraphQLResolverMap<unknown>;
    const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers: map });
    const unknown = unknownResolver(schema, resolvers);
    if (unknown !== undefined) throw new Error(`there is a resolver for ${unknown}, which is not in typeDefs`);
    return schema;
  } catch (cause) {
    const why = messageOf(cause);
    throw new PorticoError('CONFIG_INVALID', `the subgraph ${name} cannot be built from its module: ${why}`, { cause });
  }
}

/** The library says nothing about resolvers that nobody will ask. */
function unknownResolver(schema: GraphQLSchema, resolvers: RestResolvers): string | undefined {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (type === undefined) return typeName;
    if (isScalarType(fields) || isEnumType(type)) continue;
    const known = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
    const field = Object.keys(fields).find((name) => !name.startsWith('__') && !Object.hasOwn(known, name));
    if (field !== undefined) return `${typeName}.${field}`;
  }
  return undefined;
}

/** Resolvers of which is known what they threw, and whose references may share an answer. */
function guarded(resolvers: RestResolvers): RestResolvers {
  return Object.fromEntries(
    Object.entries(resolvers).map(([type, fields]) => {
      if (isScalarType(fields)) return [type, fields];
      const own = Object.entries(fields).map(([name, resolve]) => {
        if (typeof resolve !== 'function') return [name, resolve];
        const call = noting(resolve as AnyResolver);
        return [name, name === '__resolveReference' ? copying(call) : call];
      });
      return [type, Object.fromEntries(own) as RestTypeResolvers];
    }),
  );
}

type AnyResolver = (...args: readonly unknown[]) => unknown;

function noting(resolve: AnyResolver): AnyResolver {
  return (...args) => {
    try {
      const value = resolve(...args);
      return value instanceof Promise ? value.catch(noteThrown) : value;
    } catch (error) {
      return noteThrown(error);
    }
  };
}

/** The library writes the name of the type into what `__resolveReference` gives. */
function copying(resolve: AnyResolver): AnyResolver {
  return async (...args) => {
    const found = await resolve(...args);
    return isPlain(found) ? { ...found } : found;
  };
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
