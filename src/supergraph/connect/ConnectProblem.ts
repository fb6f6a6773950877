import type { ASTNode, ConstDirectiveNode, ConstValueNode } from 'graphql';

/** Something wrong with a connector. The codes travel with composition's own (docs/rest.md). */
export interface ConnectProblem {
  readonly code: ConnectProblemCode;
  readonly message: string;
  /** Where; a string with an offset means a place inside it. */
  readonly node: ASTNode;
  readonly offset?: number | undefined;
}

export type ConnectProblemCode =
  | 'CONNECTOR_VERSION_UNSUPPORTED'
  | 'CONNECTOR_NOT_SUPPORTED'
  | 'CONNECTOR_INVALID_ARGUMENTS'
  | 'CONNECTOR_INVALID_SOURCE'
  | 'CONNECTOR_UNKNOWN_SOURCE'
  | 'CONNECTOR_INVALID_URL'
  | 'CONNECTOR_INVALID_MAPPING'
  | 'CONNECTOR_INVALID_HEADER'
  | 'CONNECTOR_UNKNOWN_VARIABLE'
  | 'CONNECTOR_UNKNOWN_FIELD'
  | 'CONNECTOR_TYPE_MISMATCH'
  | 'CONNECTOR_MISSING_FIELDS'
  | 'CONNECTOR_INVALID_KEY'
  | 'CONNECTOR_MISSING';

export type ProblemNode = ConstDirectiveNode | ConstValueNode;

/** Reports what is wrong with one connector, at a node or at an offset of the string that it is. */
export type Fail = (code: ConnectProblemCode, message: string, node?: ProblemNode, offset?: number) => undefined;
