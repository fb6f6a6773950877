import { printProblem } from '../supergraph/compose/problems.js';
import type { CompositionProblem } from '../supergraph/compose/problems.js';

/** Writes what composition has to remark for a person: a line each, to the standard error output. Those for its own makers are left out. */
export function printHints(hints: readonly CompositionProblem[]): void {
  for (const hint of hints) if (hint.severity !== 'debug') process.stderr.write(`hint: ${printProblem(hint)}\n`);
}
