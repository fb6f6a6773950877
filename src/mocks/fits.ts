import { isEnumType, isListType, isNonNullType, isScalarType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';

/** Whether a value given for an argument would do as the value of a field. */
export function fits(type: GraphQLOutputType, value: unknown): boolean {
  if (isNonNullType(type)) return value !== null && fits(type.ofType as GraphQLOutputType, value);
  if (value === null) return true;
  if (isListType(type))
    return Array.isArray(value) && value.every((item) => fits(type.ofType as GraphQLOutputType, item));
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined;
  if (!isScalarType(type)) return typeof value === 'object' && !Array.isArray(value);
  switch (type.name) {
    case 'Int':
      return Number.isInteger(value);
    case 'Float':
      return typeof value === 'number';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'ID':
    case 'String':
      return typeof value === 'string';
    default:
      return true;
  }
}
