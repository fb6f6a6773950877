import { Kind } from 'graphql';
import type { DirectiveNode, DocumentNode, ValueNode } from 'graphql';

import { featureIdentity } from '../supergraph/read/links.js';

/**
 * What the directives of a subgraph are called there: gives the name in the federation specification for a name in this document.
 * A name that no `@link` explains means itself, as in Federation 1.
 */
export function federationNames(document: DocumentNode): (local: string) => string {
  const known = new Map<string, string>();
  let prefix = 'federation';
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of definition.directives ?? []) {
      const url = argument(directive, 'url');
      if (url?.kind !== Kind.STRING || featureIdentity(url.value) !== 'specs.apollo.dev/federation') continue;
      const as = argument(directive, 'as');
      if (as?.kind === Kind.STRING) prefix = as.value;
      const imports = argument(directive, 'import');
      for (const item of imports?.kind === Kind.LIST ? imports.values : []) {
        const [name, local] = importOf(item);
        if (name?.startsWith('@') && local?.startsWith('@')) known.set(local.slice(1), name.slice(1));
      }
    }
  }
  return (local) => known.get(local) ?? (local.startsWith(`${prefix}__`) ? local.slice(prefix.length + 2) : local);
}

/** An argument's value as it is written. */
export function argument(directive: DirectiveNode, name: string): ValueNode | undefined {
  return directive.arguments?.find((one) => one.name.value === name)?.value;
}

/** `"@key"`, or `{ name: "@key", as: "@id" }`. */
function importOf(item: ValueNode): readonly [name?: string | undefined, local?: string | undefined] {
  if (item.kind === Kind.STRING) return [item.value, item.value];
  if (item.kind !== Kind.OBJECT) return [];
  const text = (name: string): string | undefined => {
    const value = item.fields.find((field) => field.name.value === name)?.value;
    return value?.kind === Kind.STRING ? value.value : undefined;
  };
  return [text('name'), text('as') ?? text('name')];
}
