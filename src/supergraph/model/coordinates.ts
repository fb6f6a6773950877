import { isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType, GraphQLSchema } from 'graphql';

import { closest } from '../../base/config/suggest.js';

// What is written for a place that does not exist never applies, and nobody would notice.

/** Why a coordinate (`Product`, `Product.price`) names nothing that clients can see; undefined when it names something. */
export function unknownCoordinate(schema: GraphQLSchema, coordinate: string): string | undefined {
  const [typeName = '', field, ...rest] = coordinate.split('.');
  if (rest.length > 0) return nothing('a field is written as Type.field');
  const types = visibleTypes(schema).filter((type) => field === undefined || hasFields(type));
  const type = schema.getType(typeName);
  if (type === undefined || typeName.startsWith('__')) {
    const near = closest(typeName, types.map(nameOf));
    return nothing(`there is no type ${typeName}`, near, (name) => (field === undefined ? name : `${name}.${field}`));
  }
  if (field === undefined) return undefined;
  if (!hasFields(type)) return nothing(`${typeName} has no fields`);
  const names = Object.keys(type.getFields());
  if (names.includes(field)) return undefined;
  return nothing(`${typeName} has no field ${field}`, closest(field, names), (near) => `${typeName}.${near}`);
}

/** The same for a field or a pattern of fields (`Query.*`, `*.price`, `*.*`). */
export function unmatchedPattern(schema: GraphQLSchema, pattern: string): string | undefined {
  const [typeName = '', field = ''] = pattern.split('.');
  if (typeName !== '*') {
    const type = schema.getType(typeName);
    return field === '*' && hasFields(type) && !typeName.startsWith('__')
      ? undefined
      : unknownCoordinate(schema, pattern);
  }
  const names = new Set(
    visibleTypes(schema)
      .filter(hasFields)
      .flatMap((type) => Object.keys(type.getFields())),
  );
  if (field === '*' || names.has(field)) return undefined;
  return nothing(`no type has a field ${field}`, closest(field, [...names]), (near) => `*.${near}`);
}

function visibleTypes(schema: GraphQLSchema): readonly GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
}

function hasFields(type: GraphQLNamedType | undefined): type is GraphQLObjectType | GraphQLInterfaceType {
  return isObjectType(type) || isInterfaceType(type);
}

function nameOf({ name }: GraphQLNamedType): string {
  return name;
}

function nothing(why: string, near?: string, inFull: (near: string) => string = (name) => name): string {
  return `names nothing in the graph: ${why}${near === undefined ? '' : ` (did you mean ${inFull(near)}?)`}`;
}
