import { Kind } from 'graphql';
import type { DirectiveNode, DocumentNode } from 'graphql';

import { textArgument } from '../../../supergraph/read/links.js';

/**
 * Planner guard `keys`: drops each `@join__type(resolvable: false)` key of a type in a graph that also has a resolvable key of it.
 *
 * After a `@requires`, Apollo's planner re-enters a subgraph with the first key it finds, resolvable or not; the subgraph answers
 * null, without an error. A graph that has only non-resolvable keys keeps them: there the key is all that is known of the type.
 */
export function guardKeys(document: DocumentNode, joinPrefix: string): DocumentNode {
  const joinType = `${joinPrefix}__type`;
  return {
    ...document,
    definitions: document.definitions.map((type) => {
      if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) return type;
      const keys = (type.directives ?? []).filter((each) => each.name.value === joinType && hasKey(each));
      const resolvable = new Set(keys.filter(isResolvable).map((key) => textArgument(key, 'graph')));
      const dead = new Set(keys.filter((key) => !isResolvable(key) && resolvable.has(textArgument(key, 'graph'))));
      if (dead.size === 0) return type;
      return { ...type, directives: (type.directives ?? []).filter((directive) => !dead.has(directive)) };
    }),
  };
}

function hasKey(directive: DirectiveNode): boolean {
  return textArgument(directive, 'key') !== undefined;
}

function isResolvable(directive: DirectiveNode): boolean {
  const value = directive.arguments?.find((argument) => argument.name.value === 'resolvable')?.value;
  return !(value?.kind === Kind.BOOLEAN && !value.value);
}
