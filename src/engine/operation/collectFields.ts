import { isAbstractType } from 'graphql';
import type { GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema } from 'graphql';

import type { Condition, FieldSelection, Selection } from './Operation.js';

/** All selections of one response name, in one type, that the caller may have. */
export interface CollectedField {
  readonly first: FieldSelection;
  /** Its names in the merged tree: several where an interface's field and its implementation's meet. */
  readonly keys: string[];
  readonly lists: Array<readonly Selection[]>;
}

export interface Collecting {
  readonly schema: GraphQLSchema;
  /** Decides `@skip` and `@include`. */
  readonly includes: (condition: Condition) => boolean;
  /** Told of each selection that is looked at. */
  readonly onStep?: (() => void) | undefined;
}

/** CollectFields of the specification (6.3.2), for a type that is known; by response name, without what is refused. */
export function collectFields(
  { schema, includes, onStep }: Collecting,
  type: GraphQLObjectType | GraphQLInterfaceType,
  lists: ReadonlyArray<readonly Selection[]>,
): ReadonlyMap<string, CollectedField> {
  const fields = new Map<string, CollectedField>();
  const satisfies = (condition: string): boolean => {
    if (type.name === condition) return true;
    const abstract = schema.getType(condition);
    return isAbstractType(abstract) && schema.isSubType(abstract, type);
  };
  const collect = (selections: readonly Selection[]): void => {
    for (const selection of selections) {
      onStep?.();
      if (selection.condition !== undefined && !includes(selection.condition)) continue;
      if (selection.kind === 'fragment') {
        if (selection.typeCondition === undefined || satisfies(selection.typeCondition)) collect(selection.selections);
        continue;
      }
      if (selection.isRefused) continue;
      const { clientName, key, selections: below } = selection;
      let found = fields.get(clientName);
      if (found === undefined) fields.set(clientName, (found = { first: selection, keys: [], lists: [] }));
      if (!found.keys.includes(key)) found.keys.push(key);
      if (below !== undefined) found.lists.push(below);
    }
  };
  for (const list of lists) collect(list);
  return fields;
}
