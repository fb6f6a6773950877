import type { HeaderRemoval } from './compileRemoval.js';

/**
 * How answers of several subgraphs become one header: the first that comes with it, the last, or all of their values. `set-cookie` is
 * always `append`.
 */
export type MergeAlgorithm = 'first' | 'last' | 'append';

/**
 * One rule about what the head of an answer takes from a subgraph's answer: exactly one of the three is set. Names are lower case, and never
 * those of `isOwnAnswerHeader`.
 */
export interface AnswerHeaderRule {
  /** Hands on the subgraph's header `named`, or all whose whole name `matching` matches and that need not be named. */
  readonly propagate?:
    | {
        readonly named?: string | undefined;
        /** A regular expression. */
        readonly matching?: string | undefined;
        /** The name that the client sees; with `named`. */
        readonly rename?: string | undefined;
        /** Used when the subgraph has not sent it; with `named`. */
        readonly default?: string | undefined;
        readonly algorithm: MergeAlgorithm;
      }
    | undefined;
  /** Sets a header of its own for each answer of the subgraph. */
  readonly insert?: { readonly name: string; readonly value: string; readonly algorithm: MergeAlgorithm } | undefined;
  /** Takes away what earlier rules have taken from this subgraph. */
  readonly remove?: HeaderRemoval | undefined;
}

/** Rules for answers of all subgraphs, and further ones for single ones, after those of all. */
export interface AnswerHeaderRules {
  readonly all: readonly AnswerHeaderRule[];
  readonly bySubgraph: ReadonlyMap<string, readonly AnswerHeaderRule[]>;
}
