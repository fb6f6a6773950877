import { notices } from '../base/telemetry/channels.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import type { CoordinateProblem } from './coordinateProblems.js';
import { problemsWithGraph } from './problemsWithGraph.js';
import type { JudgedConfig } from './problemsWithGraph.js';

/**
 * Holds a supergraph against the configuration that it is to be served with, see GenerationOptions (`accept`). The first one must fit. Later
 * ones are served with a warning for each problem: whoever removes a subgraph cannot change the configuration in the same moment.
 *
 * @param refusal what is thrown for the problems of the first
 */
export function acceptGraph(
  config: JudgedConfig,
  supergraph: Supergraph,
  isFirst: boolean,
  ofFallbacks: readonly CoordinateProblem[],
  refusal: (problems: readonly string[]) => Error,
): void {
  const problems = problemsWithGraph(config, supergraph, ofFallbacks);
  if (problems.length > 0 && isFirst) throw refusal(problems);
  for (const message of problems) notices.publish({ level: 'warn', message });
}
