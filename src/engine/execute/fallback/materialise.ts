import { getNamedType, isObjectType, Kind } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, GraphQLObjectType, GraphQLSchema, SelectionSetNode } from 'graphql';

import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { JsonObject } from '../json.js';

export interface MaterialiseSetting {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * What a subgraph would have answered for a field if the declared value were its value: the selection applied, in the names of the tree.
 * A field that the value does not have is null. Everything is new, because later fetches write into it.
 *
 * @param type the object type that the field belongs to
 */
export function materialise(value: unknown, type: string, node: FieldNode, setting: MaterialiseSetting): unknown {
  if (node.selectionSet === undefined) return structuredClone(value);
  const parent = setting.schema.getType(type) as GraphQLObjectType;
  const named = getNamedType(parent.getFields()[node.name.value]!.type);
  return select(value, named.name, node.selectionSet, setting);
}

function select(value: unknown, typeName: string, set: SelectionSetNode, setting: MaterialiseSetting): unknown {
  if (Array.isArray(value)) return value.map((each) => select(each, typeName, set, setting));
  if (!isJsonObject(value)) return null;
  const claimed = Object.hasOwn(value, '__typename') ? value['__typename'] : undefined;
  const typename = typeof claimed === 'string' ? claimed : typeName;
  const object: JsonObject = {};
  fill(object, value, typename, set, setting);
  return object;
}

function fill(
  into: JsonObject,
  value: JsonObject,
  typename: string,
  set: SelectionSetNode,
  setting: MaterialiseSetting,
) {
  for (const node of set.selections) {
    if (node.kind !== Kind.FIELD) {
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : setting.fragments.get(node.name.value);
      if (fragment !== undefined && applies(fragment.typeCondition?.name.value, typename, setting.schema))
        fill(into, value, typename, fragment.selectionSet, setting);
      continue;
    }
    const name = node.name.value;
    const key = node.alias?.value ?? name;
    if (name === '__typename') into[key] = typename;
    else if (!Object.hasOwn(value, name)) into[key] ??= null;
    else into[key] = materialise(value[name], typename, node, setting);
  }
}

function applies(condition: string | undefined, typename: string, schema: GraphQLSchema): boolean {
  if (condition === undefined || condition === typename) return true;
  const type = schema.getType(condition);
  const concrete = schema.getType(typename);
  if (!isObjectType(concrete) || type === undefined || isObjectType(type)) return false;
  return 'getTypes' in type || 'getInterfaces' in type ? schema.isSubType(type, concrete) : false;
}
