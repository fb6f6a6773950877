import { Kind } from 'graphql';
import type { DocumentNode } from 'graphql';

/**
 * What each abstract type of a supergraph stands for: the object types and interfaces that implement an interface, the members of
 * a union. Inaccessible types are included: plans name them although clients never see them.
 */
export function readPossibleTypes(document: DocumentNode): ReadonlyArray<readonly [abstract: string, names: string[]]> {
  const types = new Map<string, string[]>();
  const add = (abstract: string, name: string): void => {
    const names = types.get(abstract);
    if (names === undefined) types.set(abstract, [name]);
    else names.push(name);
  };
  for (const node of document.definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      for (const parent of node.interfaces ?? []) add(parent.name.value, node.name.value);
    } else if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of node.types ?? []) add(node.name.value, member.name.value);
    }
  }
  return [...types];
}

/** Names of all object types, inaccessible ones included. */
export function readObjectTypes(document: DocumentNode): readonly string[] {
  return document.definitions.flatMap((node) => (node.kind === Kind.OBJECT_TYPE_DEFINITION ? [node.name.value] : []));
}
