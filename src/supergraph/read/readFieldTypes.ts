import { Kind, valueFromASTUntyped } from 'graphql';
import type { DocumentNode, FieldDefinitionNode, InputValueDefinitionNode, TypeNode } from 'graphql';

/** Named types of fields, by type. Plain JSON. */
export type FieldTypes = ReadonlyArray<
  readonly [type: string, fields: ReadonlyArray<readonly [field: string, type: string]>]
>;

/** Types of all fields of object types, interfaces and input types, without lists and non-null. */
export function readFieldTypes(document: DocumentNode): FieldTypes {
  return document.definitions.flatMap((node) => {
    const hasFields =
      node.kind === Kind.OBJECT_TYPE_DEFINITION ||
      node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
      node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION;
    if (!hasFields) return [];
    const list: ReadonlyArray<FieldDefinitionNode | InputValueDefinitionNode> = node.fields ?? [];
    const fields = list.map(({ name, type }) => [name.value, namedType(type)] as const);
    return [[node.name.value, fields] as const];
  });
}

/** Defaults of input objects' fields, by type; only types that have some. Plain JSON. */
export type InputDefaults = ReadonlyArray<readonly [type: string, defaults: Readonly<Record<string, unknown>>]>;

export function readInputDefaults(document: DocumentNode): InputDefaults {
  return document.definitions.flatMap((node) => {
    if (node.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION) return [];
    const defaults = (node.fields ?? []).flatMap(({ name, defaultValue }) =>
      defaultValue === undefined ? [] : [[name.value, valueFromASTUntyped(defaultValue)] as const],
    );
    return defaults.length === 0 ? [] : [[node.name.value, Object.fromEntries(defaults)] as const];
  });
}

/** `[Product!]!` is `Product`. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
