import { Kind } from 'graphql';
import type { DocumentNode, GraphQLError, SelectionNode } from 'graphql';

import { requestError } from '../../engine/operation/requestError.js';

/** Refuses `__schema` and `__type` wherever they stand: below aliases, in fragments, in unused fragments. `__typename` is no introspection. */
export function checkIntrospection(document: DocumentNode): GraphQLError | undefined {
  // A stack of our own: the document may be nested deeper than the call stack.
  const open: SelectionNode[] = [];
  for (const definition of document.definitions) {
    if ('selectionSet' in definition) open.push(...definition.selectionSet.selections);
  }
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === Kind.FIELD && (node.name.value === '__schema' || node.name.value === '__type')) {
      return requestError('INTROSPECTION_DISABLED', 'Introspection is disabled', node);
    }
    if (node.kind === Kind.FRAGMENT_SPREAD || node.selectionSet === undefined) continue;
    for (const selection of node.selectionSet.selections) open.push(selection);
  }
  return undefined;
}
