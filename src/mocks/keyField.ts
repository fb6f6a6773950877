import { isListType, isNonNullType } from 'graphql';
import type { GraphQLField, GraphQLOutputType } from 'graphql';

import type { EntityNames } from './EntityNames.js';
import type { EntityName } from './MockObject.js';

/** The value of a field that is a leaf of a key, or the part that keys say of an object which they lead through. undefined for other fields. */
export function keyField(names: EntityNames, entity: EntityName, field: GraphQLField<unknown, unknown>): unknown {
  const { paths } = entity.family;
  if (paths.includes(field.name)) {
    return isList(field.type) ? undefined : names.keyValue(entity, field.name);
  }
  const through = paths.filter((path) => path.startsWith(`${field.name}.`));
  if (through.length === 0 || isList(field.type)) return undefined;
  const part: Record<string, unknown> = {};
  for (const path of through) {
    const steps = path.split('.').slice(1);
    let at = part;
    for (const name of steps.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    at[steps.at(-1)!] = names.keyValue(entity, path);
  }
  return part;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
