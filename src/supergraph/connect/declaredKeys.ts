import { Kind, parse } from 'graphql';
import type { SelectionSetNode } from 'graphql';

import type { ConnectNames } from './ConnectNames.js';
import type { KeyTree } from './KeyTree.js';
import type { SubgraphTypes } from './SubgraphTypes.js';

const NONE: readonly KeyTree[] = [];

/** The `@key`s of types, as trees. What cannot be read is for composition to refuse. */
export function declaredKeys(types: SubgraphTypes, names: ConnectNames): (typeName: string) => readonly KeyTree[] {
  const known = new Map<string, readonly KeyTree[]>();
  return (typeName) => {
    const before = known.get(typeName);
    if (before !== undefined) return before;
    const type = types.type(typeName);
    const directives = type?.kind === 'object' ? type.nodes.flatMap((node) => node.directives ?? []) : [];
    const keys = directives.flatMap((directive) => {
      if (directive.name.value !== names.key) return [];
      const fields = directive.arguments?.find(({ name }) => name.value === 'fields')?.value;
      return fields?.kind === Kind.STRING ? (readKey(fields.value) ?? []) : [];
    });
    known.set(typeName, keys.length === 0 ? NONE : keys);
    return keys;
  };
}

function readKey(text: string): KeyTree | undefined {
  try {
    const [definition] = parse(`{${text}}`).definitions;
    return definition?.kind === Kind.OPERATION_DEFINITION ? treeOf(definition.selectionSet) : undefined;
  } catch {
    return undefined;
  }
}

function treeOf({ selections }: SelectionSetNode): KeyTree {
  const tree = new Map<string, KeyTree>();
  for (const each of selections) {
    if (each.kind === Kind.FIELD) tree.set(each.name.value, each.selectionSet ? treeOf(each.selectionSet) : new Map());
  }
  return tree;
}
