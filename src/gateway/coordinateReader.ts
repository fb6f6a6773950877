import { getNamedType, isCompositeType, Kind, parse } from 'graphql';
import type { FragmentDefinitionNode, GraphQLSchema, SelectionSetNode } from 'graphql';

import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { CoordinatesOf } from '../upstream/resilience/acquireBreakers.js';

/**
 * Reads which fields a subgraph operation carries, by the coordinates that clients know. A field of an interface is a field of the types
 * that it stands for as well. What clients cannot see is not read, except behind type conditions.
 */
export function coordinateReader(
  schema: GraphQLSchema,
  possibleTypes: Supergraph['possibleTypes'] = new Map(),
): CoordinatesOf {
  return ({ kind, text }) => {
    const { definitions } = parse(text, { noLocation: true });
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    const found = new Set<string>();
    const visit = ({ selections }: SelectionSetNode, parent: string | undefined): void => {
      for (const node of selections) {
        if (node.kind === Kind.FRAGMENT_SPREAD) {
          const fragment = fragments.get(node.name.value);
          if (fragment !== undefined) visit(fragment.selectionSet, fragment.typeCondition.name.value);
        } else if (node.kind === Kind.INLINE_FRAGMENT) {
          visit(node.selectionSet, node.typeCondition?.name.value ?? parent);
        } else {
          const field = node.name.value;
          if (parent !== undefined) {
            for (const type of [parent, ...(possibleTypes.get(parent) ?? [])]) found.add(`${type}.${field}`);
          }
          if (node.selectionSet !== undefined) visit(node.selectionSet, typeOf(schema, parent, field));
        }
      }
    };
    const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    for (const node of definitions) {
      if (node.kind === Kind.OPERATION_DEFINITION) visit(node.selectionSet, root?.name);
    }
    return found;
  };
}

function typeOf(schema: GraphQLSchema, parent: string | undefined, field: string): string | undefined {
  const type = parent === undefined ? undefined : schema.getType(parent);
  if (!isCompositeType(type) || !('getFields' in type)) return undefined;
  const fields = type.getFields();
  return Object.hasOwn(fields, field) ? getNamedType(fields[field]!.type).name : undefined;
}
