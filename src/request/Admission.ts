import type { GraphQLError } from 'graphql';

import type { Introspect } from '../engine/operation/introspection.js';

/** What a caller may have of an operation. */
export interface Admission<Operation> {
  /** What is executed: without what they may not have. */
  readonly operation: Operation;
  /** Refused as a whole: nothing is executed. */
  readonly rejection: readonly GraphQLError[] | undefined;
  /** What the answer says about refusals. */
  readonly errors: readonly GraphQLError[];
  readonly droppedErrors: number;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  /** Answers introspection where they see a part of the schema only. */
  readonly introspect: Introspect | undefined;
  /** Everything that was decided, as text: part of the key of a shared execution. */
  readonly key: string;
  /** Whether another caller may get another answer: no cache may hand it on. */
  readonly isPersonal: boolean;
}
