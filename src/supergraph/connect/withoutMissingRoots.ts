import { Kind } from 'graphql';
import type { DocumentNode } from 'graphql';

/**
 * An extracted subgraph as it was written: one that only adds to entities has a root type in its supergraph, for what federation adds, and
 * none in its SDL.
 */
export function withoutMissingRoots({ kind, definitions }: DocumentNode): DocumentNode {
  const names = new Set(
    definitions.flatMap((node) => ('name' in node && node.name !== undefined ? node.name.value : [])),
  );
  return {
    kind,
    definitions: definitions.map((node) => {
      if (node.kind !== Kind.SCHEMA_DEFINITION) return node;
      const operationTypes = node.operationTypes.filter(({ type }) => names.has(type.name.value));
      return operationTypes.length > 0
        ? { ...node, operationTypes }
        : { ...node, kind: Kind.SCHEMA_EXTENSION, operationTypes };
    }),
  };
}
