import type { ArgumentNode, DocumentNode, GraphQLOutputType, OperationTypeNode, VariableDefinitionNode } from 'graphql';

/**
 * One operation as the engine sees it: named fragments expanded, every field resolved against the API schema, and two names for
 * each field: the client's and ours.
 *
 * Why two names (planner guard `alias`): the planner and the merge key by response name, and a client can give one name to
 * different things or different names to one thing. So each field that has an alias or arguments gets a canonical `key`: the same
 * parent type, field and arguments give the same key, anything else gives another. Objects that are reached by several
 * paths then agree by construction, and no name chosen by a client ever indexes an object of ours.
 */
export interface Operation {
  readonly kind: OperationTypeNode;
  readonly name: string | undefined;
  readonly rootType: string;
  readonly selections: readonly Selection[];
  /** As the client declared them, in the client's names. */
  readonly variables: readonly VariableDefinitionNode[];
  /** What client variables are called in `text` and in plans, where the planner needs their name for itself. Nearly always empty. */
  readonly renamedVariables: ReadonlyMap<string, string>;
  /** The same operation in canonical names, without introspection fields: what the planner is given. Empty when nothing is left to fetch. */
  readonly text: string;
  /** The operation cut down to `__schema` and `__type` at the root, in the client's names, to be executed locally; absent when it asks neither. */
  readonly introspection: DocumentNode | undefined;
  /** Variables that decide a `@skip`, `@include` or `@defer`. */
  readonly conditionVariables: readonly string[];
  /**
   * True for a mutation whose root fields stand under conditions that are still open. Such an operation must not be planned: it is
   * normalised again with the values of its condition variables, so that each effect is planned exactly once.
   */
  readonly openEffects: boolean;
  /** Coordinates of all selected fields (`Product.price`), the concrete types' fields for fields of an interface included. */
  readonly coordinates: ReadonlySet<string>;
}

export type Selection = FieldSelection | FragmentSelection;

export interface FieldSelection {
  readonly kind: 'field';
  /** The response name the client gave. May be any GraphQL name, `__proto__` too: only ever written as a string constant. */
  readonly clientName: string;
  /** The name in the merged tree. Safe to index with. */
  readonly key: string;
  readonly name: string;
  readonly parentType: string;
  readonly type: GraphQLOutputType;
  /** As the client wrote them. */
  readonly arguments: readonly ArgumentNode[] | undefined;
  readonly condition: Condition | undefined;
  /** Whether the caller may not have it: it is not in `text`, and null in the answer unless it is allowed in another selection. */
  readonly isRefused: boolean;
  /** Absent for leaves. */
  readonly selections: readonly Selection[] | undefined;
}

/** Says of a field selection whether the caller may not have it. Everything inside is then refused with it. */
export type Refuses = (parentType: string, key: string) => boolean;

export interface FragmentSelection {
  readonly kind: 'fragment';
  /** Absent when the fragment has no type condition. */
  readonly typeCondition: string | undefined;
  readonly condition: Condition | undefined;
  readonly selections: readonly Selection[];
}

/** All must hold. Literal `@skip`/`@include` are resolved when the operation is normalised. */
export type Condition = readonly { readonly variable: string; readonly include: boolean }[];
