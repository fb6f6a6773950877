/**
 * The plan format: plain JSON, the same whichever planner made it.
 *
 * Paths are lists of steps from the root of the answer (internal response names, see operation/Operation.ts): a field's
 * response name, `@` for each element of a list, and after either an optional type condition (`|[Book,Movie]` in Apollo's text).
 */
export interface Plan {
  /** Absent when nothing has to be fetched (introspection, `__typename`). */
  readonly node: PlanNode | undefined;
  /**
   * What the operation asks for and no fetch covers (guard `empty`): response names from the root, joined with `.`. Root fields, and
   * fields of an object whose type has no possible object type (`a.field`).
   */
  readonly unplanned: readonly string[];
}

export type PlanNode =
  | FetchNode
  | FlattenNode
  | SequenceNode
  | ParallelNode
  | ConditionNode
  | DeferNode
  | SubscriptionNode;

export interface FetchNode {
  readonly kind: 'Fetch';
  readonly subgraph: string;
  readonly operationKind: 'query' | 'mutation' | 'subscription';
  readonly operationName: string | undefined;
  /** GraphQL text, ready to send (synthetic @requires fields already replaced by `alias: field(arguments)`). */
  readonly operation: string;
  /** Client variables the text uses, without `representations`. */
  readonly variables: readonly string[];
  /** What each representation is made of; absent for a root fetch. */
  readonly requires: readonly RequiredSelection[] | undefined;
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
  readonly contextRewrites: readonly KeyRenamer[];
  /** Set when a Defer node refers to this fetch. */
  readonly id: string | undefined;
}

export type RequiredSelection = RequiredField | RequiredFragment;
export interface RequiredField {
  readonly kind: 'Field';
  /** Where to read: the response name in the merged tree. */
  readonly read: string;
  /** What to write into the representation. */
  readonly write: string;
  readonly selections: readonly RequiredSelection[] | undefined;
}
export interface RequiredFragment {
  readonly kind: 'Fragment';
  readonly typeCondition: string | undefined;
  readonly selections: readonly RequiredSelection[];
}

export type Rewrite = ValueSetter | KeyRenamer;
export interface ValueSetter {
  readonly kind: 'ValueSetter';
  readonly path: readonly string[];
  readonly value: unknown;
}
/** `path` may start with `..` steps (context rewrites climb towards the root) and hold `... on Type` steps. */
export interface KeyRenamer {
  readonly kind: 'KeyRenamer';
  readonly path: readonly string[];
  readonly key: string;
}

export type PathStep =
  | { readonly kind: 'field'; readonly name: string; readonly types: readonly string[] | undefined }
  | { readonly kind: 'list'; readonly types: readonly string[] | undefined };

/** Without `requires` the fetch asks a root type that was reached again (`{ me { query { … } } }`): its answer joins each object at `path`. */
export interface FlattenNode {
  readonly kind: 'Flatten';
  readonly path: readonly PathStep[];
  readonly node: FetchNode;
}
export interface SequenceNode {
  readonly kind: 'Sequence';
  readonly nodes: readonly PlanNode[];
}
export interface ParallelNode {
  readonly kind: 'Parallel';
  readonly nodes: readonly PlanNode[];
}
export interface ConditionNode {
  readonly kind: 'Condition';
  readonly variable: string;
  readonly then: PlanNode | undefined;
  readonly otherwise: PlanNode | undefined;
}
export interface DeferNode {
  readonly kind: 'Defer';
  readonly primary: { readonly subselection: string | undefined; readonly node: PlanNode | undefined };
  readonly deferred: readonly {
    readonly depends: readonly { readonly id: string; readonly label: string | undefined }[];
    readonly label: string | undefined;
    readonly path: readonly string[];
    readonly subselection: string | undefined;
    readonly node: PlanNode | undefined;
  }[];
}
export interface SubscriptionNode {
  readonly kind: 'Subscription';
  readonly primary: FetchNode;
  readonly rest: PlanNode | undefined;
}
