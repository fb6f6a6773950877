import {
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isSpecifiedScalarType,
} from 'graphql';
import type { GraphQLLeafType, GraphQLObjectType, GraphQLOutputType, GraphQLSchema } from 'graphql';

import { isJsonObject } from '../../../base/kit/isJsonObject.js';
import type { JsonObject } from '../json.js';

export interface FitSetting {
  readonly schema: GraphQLSchema;
  /** Types that other fetches extend: their values need not be complete. */
  isEntity(type: string): boolean;
}

/**
 * Says why a JSON value cannot stand for a field of this type; undefined when it can. An object must name its type where the field's is
 * abstract, and must have every field that cannot be null, unless it is an entity: other subgraphs may bring those.
 *
 * @param at what the value is called in the message
 */
export function fitProblem(
  value: unknown,
  type: GraphQLOutputType,
  setting: FitSetting,
  at = 'value',
): string | undefined {
  if (value === null || value === undefined)
    return isNonNullType(type) ? `${at} is null, and the type is ${String(type)}` : undefined;
  const nullable = getNullableType(type) as GraphQLOutputType;
  if (isListType(nullable)) {
    if (!Array.isArray(value)) return `${at} is not a list, and the type is ${String(type)}`;
    for (const [i, each] of value.entries()) {
      const problem = fitProblem(each, nullable.ofType as GraphQLOutputType, setting, `${at}[${i}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (isLeafType(nullable)) return leafFits(value, nullable) ? undefined : `${at} is no ${nullable.name}`;
  if (!isJsonObject(value)) return `${at} is not an object, and the type is ${String(type)}`;
  let concrete: unknown = nullable;
  const typename = Object.hasOwn(value, '__typename') ? value['__typename'] : undefined;
  if (isAbstractType(nullable)) {
    concrete = typeof typename === 'string' ? setting.schema.getType(typename) : undefined;
    if (!isObjectType(concrete) || !setting.schema.isSubType(nullable, concrete))
      return `${at}.__typename must name an object type of ${nullable.name}`;
  } else if (typename !== undefined && typename !== (concrete as GraphQLObjectType).name)
    return `${at}.__typename must be ${(concrete as GraphQLObjectType).name}`;
  return objectProblem(value, concrete as GraphQLObjectType, setting, at);
}

function objectProblem(
  value: JsonObject,
  type: GraphQLObjectType,
  setting: FitSetting,
  at: string,
): string | undefined {
  const fields = type.getFields();
  for (const [name, member] of Object.entries(value)) {
    if (name === '__typename') continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) return `${at}.${name} is no field of ${type.name}`;
    if (field.args.some(isRequiredArgument)) return `${at}.${name} cannot be given: the field has required arguments`;
    const problem = fitProblem(member, field.type, setting, `${at}.${name}`);
    if (problem !== undefined) return problem;
  }
  if (setting.isEntity(type.name)) return undefined;
  for (const field of Object.values(fields)) {
    if (isNonNullType(field.type) && !Object.hasOwn(value, field.name))
      return `${at} lacks ${field.name}, which cannot be null in ${type.name}`;
  }
  return undefined;
}

function leafFits(value: unknown, type: GraphQLLeafType): boolean {
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined;
  // A custom scalar means what its subgraph says.
  if (!isSpecifiedScalarType(type)) return true;
  switch (type.name) {
    case 'Int':
      return typeof value === 'number' && (value | 0) === value;
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'Boolean':
      return typeof value === 'boolean';
    case 'ID':
      return typeof value === 'string' || Number.isSafeInteger(value);
    default:
      return typeof value === 'string';
  }
}
