import { PorticoError } from '../../base/errors/PorticoError.js';
import type { CompositionProblem } from './problems.js';

/** Problems a message or a log line repeats; the rest is counted. */
const MAX_SHOWN = 20;

/** The subgraphs make no supergraph: a mistake in their schemas, which trying again does not repair. Code COMPOSITION_FAILED. */
export class CompositionError extends PorticoError {
  readonly problems: readonly CompositionProblem[];

  constructor(problems: readonly CompositionProblem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super('COMPOSITION_FAILED', `The subgraphs do not compose: ${first?.code}: ${first?.message}${more}`, {
      details: { problems: problems.slice(0, MAX_SHOWN), problemCount: problems.length },
    });
    this.problems = problems;
  }
}
