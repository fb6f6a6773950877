import { Kind } from 'graphql';
import type { DocumentNode, TypeNode } from 'graphql';

/** Named types of fields, by type. Plain JSON. */
export type FieldTypes = ReadonlyArray<
  readonly [type: string, fields: ReadonlyArray<readonly [field: string, type: string]>]
>;

/** Types of all fields of object types and interfaces, without lists and non-null. */
export function readFieldTypes(document: DocumentNode): FieldTypes {
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [];
    const fields = (node.fields ?? []).map(({ name, type }) => [name.value, namedType(type)] as const);
    return [[node.name.value, fields] as const];
  });
}

/** `[Product!]!` is `Product`. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
