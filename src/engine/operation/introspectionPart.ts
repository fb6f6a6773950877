import { Kind } from 'graphql';
import type {
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';

/** The client's document cut down to the `__schema` and `__type` of one operation, for graphql-js to execute. */
export function introspectionPart(
  document: DocumentNode,
  definition: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const cut = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD) return node.name.value === '__schema' || node.name.value === '__type' ? [node] : [];
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)!;
      const { typeCondition } = fragment;
      const selectionSet = cut(fragment.selectionSet);
      if (selectionSet.selections.length === 0) return [];
      const directives = node.directives ?? [];
      return [{ kind: Kind.INLINE_FRAGMENT, ...(typeCondition && { typeCondition }), directives, selectionSet }];
    }),
  });
  const operation = { ...definition, selectionSet: cut(definition.selectionSet) };
  return {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)],
  };
}
