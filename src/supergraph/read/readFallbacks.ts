import { Kind, valueFromASTUntyped } from 'graphql';
import type { DirectiveNode, DocumentNode } from 'graphql';

import { readLinks } from './links.js';

/** `@fallback` as written at one coordinate, its arguments as JSON; unchecked. */
export type WrittenFallback = readonly [coordinate: string, args: Readonly<Record<string, unknown>>];

const IDENTITY = 'specs.portico.dev/fallback';

/**
 * The fallbacks that subgraphs declare, by coordinate (`Product.price`, `Product`).
 *
 * The directive is known by the URL of its `@link`, never by a spelled name: imports can rename it, and without an import it has the name
 * or the prefix of the feature. Composition keeps it as a plain directive (`@composeDirective`).
 */
export function readFallbacks(document: DocumentNode): WrittenFallback[] {
  const names = fallbackNames(document);
  if (names.size === 0) return [];
  const written: WrittenFallback[] = [];
  const collect = (coordinate: string, directives: readonly DirectiveNode[] | undefined): void => {
    for (const directive of directives ?? [])
      if (names.has(directive.name.value)) written.push([coordinate, argumentsOf(directive)]);
  };
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    collect(type.name.value, type.directives);
    for (const field of type.fields ?? []) collect(`${type.name.value}.${field.name.value}`, field.directives);
  }
  return written;
}

/** What the directive is called here. */
function fallbackNames(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { identity, prefix, imports } of readLinks(document)) {
    if (identity !== IDENTITY) continue;
    // The directive that has the feature's own name has no prefix (link v1.0).
    names.add(prefix);
    for (const { name, as } of imports) if (name === '@fallback') names.add(as.slice(1));
  }
  return names;
}

function argumentsOf(directive: DirectiveNode): Record<string, unknown> {
  const args = Object.create(null) as Record<string, unknown>;
  for (const { name, value } of directive.arguments ?? []) args[name.value] = valueFromASTUntyped(value);
  return args;
}
