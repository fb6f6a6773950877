import type { Span } from './Mapping.js';

/** What is wrong with a mapping, and where in its text. */
export interface MappingProblem extends Span {
  /** A sentence for the author of the mapping; says what to write instead where that is known. */
  readonly message: string;
  /** Of `start`, both from 1; columns count UTF-16 code units. */
  readonly line: number;
  readonly column: number;
}

/** A text read, or why it cannot be. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: MappingProblem };

export function problemAt(text: string, { start, end }: Span, message: string): MappingProblem {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < start; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { message, start, end, line, column: start - lineStart + 1 };
}

/** Leaves a parser, and is caught by its door function. */
export class SyntaxProblem extends Error {
  readonly problem: MappingProblem;

  constructor(problem: MappingProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Runs a parser that throws SyntaxProblems. */
export function parsed<Value>(parse: () => Value): Parsed<Value> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { ok: false, problem: error.problem };
    throw error;
  }
}
