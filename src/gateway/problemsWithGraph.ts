import { formatProblem } from '../base/config/ConfigProblem.js';
import type { LoadedConfig } from '../base/config/loadConfig.js';
import { declaredNames } from '../supergraph/model/Supergraph.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { coordinateProblems } from './coordinateProblems.js';
import type { CoordinateProblem } from './coordinateProblems.js';

/** What is needed of a configuration to hold it against a graph. */
export interface JudgedConfig extends Pick<LoadedConfig, 'problemsWith' | 'problemAt'> {
  readonly config: Pick<LoadedConfig['config'], 'authorization' | 'fallback' | 'rateLimit' | 'trafficShaping'>;
}

/**
 * What a configuration says about things that a graph does not have, a line for each: subgraphs, fields, types.
 *
 * @param ofFallbacks see `coordinateProblems`
 */
export function problemsWithGraph(
  { config, problemsWith, problemAt }: JudgedConfig,
  supergraph: Supergraph,
  ofFallbacks?: readonly CoordinateProblem[],
): readonly string[] {
  return [
    ...problemsWith(declaredNames(supergraph)),
    ...coordinateProblems(supergraph, config, ofFallbacks).map(({ path, message }) => problemAt(path, message)),
  ].map(formatProblem);
}
