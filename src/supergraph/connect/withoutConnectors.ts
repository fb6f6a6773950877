import { Kind, parse, print } from 'graphql';
import type { ConstDirectiveNode, DefinitionNode, FieldDefinitionNode } from 'graphql';

import { connectNames } from './ConnectNames.js';

/** The schema of a REST service as that of a GraphQL service with the same types: for mocks. One without connectors as it is. */
export function withoutConnectors(sdl: string): string {
  const document = parse(sdl, { noLocation: true });
  const names = connectNames(document);
  if (names === undefined) return sdl;
  const kept = <Node extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(
    node: Node,
  ): Node => ({
    ...node,
    directives: (node.directives ?? []).filter(
      (each) =>
        each.name.value !== names.connect &&
        each.name.value !== names.source &&
        !(each.name.value === names.link.directive.name.value && urlOf(each) === names.link.url),
    ),
  });
  const definitions = document.definitions.map((node): DefinitionNode => {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) return kept(node);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) return node;
    return { ...kept(node), fields: node.fields?.map((field): FieldDefinitionNode => kept(field)) ?? [] };
  });
  return print({
    kind: Kind.DOCUMENT,
    // `extend schema` with nothing is no GraphQL.
    definitions: definitions.filter((node) => node.kind !== Kind.SCHEMA_EXTENSION || node.directives!.length > 0),
  });
}

function urlOf(directive: ConstDirectiveNode): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === 'url')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
