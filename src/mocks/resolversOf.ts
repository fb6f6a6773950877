import { GraphQLScalarType, isScalarType } from 'graphql';
import type { GraphQLObjectType } from 'graphql';

import { checkNames } from './MockSayings.js';
import type { MockContext, MockResolver } from './mockSubgraph.js';
import type { SubgraphFacts } from './SubgraphFacts.js';

type ReferenceResolver = (representation: unknown, context: MockContext) => unknown;

/** The resolvers that somebody wrote for a subgraph, by place. */
export interface MockResolverTable {
  /** Of the type itself, or of an interface that it implements. */
  field(type: GraphQLObjectType, field: string): MockResolver | undefined;
  /** `__resolveReference`. */
  reference(type: string): ReferenceResolver | undefined;
}

/**
 * Reads a resolver map. Scalars take the place of those of the schema.
 *
 * Throws: an Error for a type or field that is not there, or a field whose resolver is no function.
 */
export function resolversOf({ name, said, schema }: SubgraphFacts): MockResolverTable {
  const resolvers = said.resolvers ?? {};
  const where = `the resolvers of subgraph "${name}"`;
  checkNames(where, resolvers, schema);
  const table = new Map<string, unknown>();
  for (const [typeName, fields] of Object.entries(resolvers)) {
    if (fields instanceof GraphQLScalarType) {
      const type = schema.getType(typeName);
      if (!isScalarType(type)) throw new Error(`${where}: "${typeName}" is no scalar`);
      type.serialize = fields.serialize;
      type.parseValue = fields.parseValue;
      type.parseLiteral = fields.parseLiteral;
      continue;
    }
    for (const [field, given] of Object.entries(fields)) {
      const resolver: unknown =
        typeof given === 'object' && given !== null && 'resolve' in given ? given.resolve : given;
      if (typeof resolver !== 'function') throw new Error(`${where}: "${typeName}.${field}" is no function`);
      table.set(`${typeName}.${field}`, resolver);
    }
  }
  return {
    field(type, field) {
      if (table.size === 0) return undefined;
      const owners = [type.name, ...type.getInterfaces().map((one) => one.name)];
      return owners.map((owner) => table.get(`${owner}.${field}`)).find((one) => one !== undefined) as
        | MockResolver
        | undefined;
    },
    reference: (type) => table.get(`${type}.__resolveReference`) as ReferenceResolver | undefined,
  };
}
