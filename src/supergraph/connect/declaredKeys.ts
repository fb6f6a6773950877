import { Kind } from 'graphql';

import type { ConnectNames } from './ConnectNames.js';
import { parseKey } from './KeyTree.js';
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
      return fields?.kind === Kind.STRING ? (parseKey(fields.value) ?? []) : [];
    });
    known.set(typeName, keys.length === 0 ? NONE : keys);
    return keys;
  };
}
