import type {
  Expression,
  Mapping,
  MappingPath,
  SelectionSet,
  Span,
} from '../../../supergraph/connect/mapping/Mapping.js';
import type { EvaluationProblem, Frame } from './Evaluation.js';
import { Evaluation, EvaluationEnd } from './Evaluation.js';
import { compileExpression } from './compileExpression.js';
import type { Compilers } from './Compilers.js';
import { compilePath } from './compilePath.js';
import { compileSet } from './compileSet.js';
import { spendOn } from './jsonValues.js';
import { makesValues } from './makesValues.js';

export interface MappingResult {
  /** A JSON value (integers beyond ±(2^53 - 1) as bigint); parts of it may be parts of the input. Undefined: there is none. */
  readonly value: unknown;
  /** At most 100. The value is what could be mapped nevertheless. */
  readonly problems: readonly EvaluationProblem[];
}

/**
 * A mapping, ready to run: `input` is what `$` means at the top, `variables` what `$args` and the like mean (keys with their `$`; getters
 * are called at most when the variable is read).
 */
export type CompiledMapping = (input: unknown, variables?: Readonly<Record<string, unknown>>) => MappingResult;

export interface CompileOptions {
  /** Values that one run may make or compare; text counts one for every 16 characters. Default 2,000,000. */
  readonly maxWork?: number | undefined;
}

const COMPILERS: Compilers = {
  path: (path, locals) => compilePath(path, locals, COMPILERS),
  set: (set, locals) => compileSet(set, locals, COMPILERS),
  expression: (expression, locals) => compileExpression(expression, locals, COMPILERS),
};

const NO_VARIABLES = {};

/**
 * Compiles a mapping to closures, once, when connectors are wired. A run never throws; what it looks up are own properties only. What does
 * not fit is left out of the value and reported. A run that takes too much work, or meets lists nested too deep, has no value.
 *
 * HOT: runs once per answer of a REST service. Bench: bench/restMapping.ts.
 */
export function compileMapping(mapping: Mapping, { maxWork = 2_000_000 }: CompileOptions = {}): CompiledMapping {
  const { root } = mapping;
  const run = compileRoot(root);
  const mustMeasure = makesValues(root);
  return (input, variables = NO_VARIABLES) => {
    const evaluation = new Evaluation(variables, maxWork);
    const frame: Frame = { value: input, location: undefined, locals: undefined };
    try {
      const value = run(evaluation, frame, input, undefined);
      if (mustMeasure) spendOn(evaluation, value);
      return { value, problems: evaluation.problems };
    } catch (error) {
      if (!(error instanceof EvaluationEnd)) throw error;
      return { value: undefined, problems: [{ message: error.message, path: [], span: spanOf(root) }] };
    }
  };
}

function compileRoot(root: MappingPath | SelectionSet): ReturnType<Compilers['path']> {
  return root.kind === 'path' ? COMPILERS.path(root, NO_LOCALS) : COMPILERS.set(root, NO_LOCALS);
}

const NO_LOCALS: ReadonlySet<string> = new Set();

function spanOf({ start, end }: MappingPath | SelectionSet | Expression): Span {
  return { start, end };
}
