import { Kind } from 'graphql';
import type { DocumentNode } from 'graphql';

import { textArgument } from './links.js';
import { readGraphNames } from './readOwners.js';

/** Subgraphs that a plan may ask for each field, by coordinate; unlike `readOwners` also for what needs inputs of others. */
export function readAskable(
  document: DocumentNode,
  joinPrefix: string,
): Array<readonly [coordinate: string, subgraphs: readonly string[]]> {
  const graphNames = readGraphNames(document, joinPrefix);
  const askable: Array<readonly [string, readonly string[]]> = [];
  for (const type of document.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const graphsOf = (directives: typeof type.directives, name: string): string[] =>
      (directives ?? []).flatMap((directive) => {
        if (directive.name.value !== `${joinPrefix}__${name}`) return [];
        const isElsewhere = (directive.arguments ?? []).some(
          ({ name: { value: argument }, value }) =>
            (argument === 'external' || argument === 'usedOverridden') && value.kind === Kind.BOOLEAN && value.value,
        );
        return isElsewhere ? [] : (graphNames.get(textArgument(directive, 'graph') ?? '') ?? []);
      });
    const all = [...new Set(graphsOf(type.directives, 'type'))];
    for (const field of type.fields ?? []) {
      const own = [...new Set(graphsOf(field.directives, 'field'))];
      askable.push([`${type.name.value}.${field.name.value}`, own.length > 0 ? own : all]);
    }
  }
  return askable;
}
