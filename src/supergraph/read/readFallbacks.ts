import { Kind, valueFromASTUntyped } from 'graphql';
import type { ConstDirectiveNode, DirectiveNode, DocumentNode } from 'graphql';

import { specDirectives } from './specDirectives.js';

/** `@fallback` as written at one coordinate, its arguments as JSON; unchecked. */
export type WrittenFallback = readonly [coordinate: string, args: Readonly<Record<string, unknown>>];

const IDENTITY = 'specs.portico.dev/fallback';

/** The fallbacks that subgraphs declare, by coordinate (`Product.price`, `Product`). Source: schema/directives.graphql. */
export function readFallbacks(document: DocumentNode): WrittenFallback[] {
  const pick = specDirectives(document, IDENTITY, ['fallback']);
  const written: WrittenFallback[] = [];
  const collect = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    for (const [, directive] of pick(directives)) written.push([coordinate, argumentsOf(directive)]);
  };
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    collect(type.name.value, type.directives);
    for (const field of type.fields ?? []) collect(`${type.name.value}.${field.name.value}`, field.directives);
  }
  return written;
}

function argumentsOf(directive: DirectiveNode): Record<string, unknown> {
  const args = Object.create(null) as Record<string, unknown>;
  for (const { name, value } of directive.arguments ?? []) args[name.value] = valueFromASTUntyped(value);
  return args;
}
