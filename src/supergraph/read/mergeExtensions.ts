import { Kind, isTypeDefinitionNode, isTypeExtensionNode } from 'graphql';
import type { DefinitionNode, DocumentNode, TypeDefinitionNode, TypeExtensionNode } from 'graphql';

/**
 * A schema that says the same without `extend type` and its kind: composition writes none, others do, and whoever reads definitions alone
 * would overlook what stands there, access rules among it.
 *
 * `extend schema` stays: those who read links know it.
 */
export function mergeExtensions(document: DocumentNode): DocumentNode {
  const extensions = document.definitions.filter(isTypeExtensionNode);
  if (extensions.length === 0) return document;
  const types = new Map<string, TypeDefinitionNode>();
  for (const node of document.definitions) if (isTypeDefinitionNode(node)) types.set(node.name.value, node);
  for (const node of extensions) {
    const name = node.name.value;
    types.set(name, extended(types.get(name) ?? asDefinition(node), node));
  }
  const others = document.definitions.filter((node) => !isTypeDefinitionNode(node) && !isTypeExtensionNode(node));
  return { ...document, definitions: [...others, ...types.values()] satisfies DefinitionNode[] };
}

/** Which parts a node has depends on its kind, and those of an extension are those of its definition. */
type Parts = Readonly<Record<string, readonly unknown[] | undefined>>;
const PARTS = ['directives', 'interfaces', 'fields', 'types', 'values'] as const;

function extended(type: TypeDefinitionNode, extension: TypeExtensionNode): TypeDefinitionNode {
  const [before, more] = [type, extension] as unknown as readonly [Parts, Parts];
  const joined = PARTS.filter((part) => more[part] !== undefined).map((part) => [
    part,
    [...(before[part] ?? []), ...more[part]!],
  ]);
  return { ...type, ...Object.fromEntries(joined) } as TypeDefinitionNode;
}

/** `extend type A` without a `type A` anywhere. */
function asDefinition({ kind, name }: TypeExtensionNode): TypeDefinitionNode {
  return { kind: DEFINITIONS[kind], name } as TypeDefinitionNode;
}

const DEFINITIONS = {
  [Kind.SCALAR_TYPE_EXTENSION]: Kind.SCALAR_TYPE_DEFINITION,
  [Kind.OBJECT_TYPE_EXTENSION]: Kind.OBJECT_TYPE_DEFINITION,
  [Kind.INTERFACE_TYPE_EXTENSION]: Kind.INTERFACE_TYPE_DEFINITION,
  [Kind.UNION_TYPE_EXTENSION]: Kind.UNION_TYPE_DEFINITION,
  [Kind.ENUM_TYPE_EXTENSION]: Kind.ENUM_TYPE_DEFINITION,
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: Kind.INPUT_OBJECT_TYPE_DEFINITION,
} as const;
