/** A random operation before it is text: a tree that fast-check can shrink piece by piece. */
export interface OperationSpec {
  readonly kind: 'query' | 'mutation';
  readonly name: string | undefined;
  readonly selections: readonly SelectionSpec[];
}

export type SelectionSpec = FieldSpec | FragmentSpec;

export interface FieldSpec {
  readonly kind: 'field';
  readonly name: string;
  readonly alias: string | undefined;
  readonly args: readonly ArgumentSpec[];
  readonly conditions: readonly ConditionSpec[];
  /** Absent for leaves. */
  readonly selections: readonly SelectionSpec[] | undefined;
  /** Written a second time in the same selection set. */
  readonly twice: boolean;
}

export interface FragmentSpec {
  readonly kind: 'fragment';
  /** Absent: an inline fragment without a type condition. */
  readonly on: string | undefined;
  readonly named: boolean;
  readonly conditions: readonly ConditionSpec[];
  readonly selections: readonly SelectionSpec[];
  readonly twice: boolean;
}

/**
 * How a value reaches the field: written out, through a variable, through a variable's default, through a variable that is
 * absent, or written out with variables inside.
 */
export type Source = 'literal' | 'variable' | 'default' | 'absent' | 'mixed';

export interface ArgumentSpec {
  readonly name: string;
  readonly source: Source;
  readonly value: unknown;
}

export interface ConditionSpec {
  readonly directive: 'skip' | 'include';
  readonly source: 'literal' | 'variable' | 'default';
  readonly value: boolean;
}

/** What engines are given. */
export interface TestOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}
