import { formatProblem } from '../base/config/ConfigProblem.js';
import type { LoadedConfig } from '../base/config/loadConfig.js';
import { misplacedRules } from '../request/authorization/checkRules.js';
import { declaredNames } from '../supergraph/model/Supergraph.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { coordinateProblems } from './coordinateProblems.js';

/** What is needed of a configuration to hold it against a graph. */
export interface JudgedConfig extends Pick<LoadedConfig, 'problemsWith' | 'problemAt'> {
  readonly config: Pick<LoadedConfig['config'], 'authorization' | 'fallback' | 'trafficShaping'>;
}

/** What a configuration says about things that a graph does not have, a line for each: subgraphs, fields, types. */
export function problemsWithGraph(
  { config, problemsWith, problemAt }: JudgedConfig,
  supergraph: Supergraph,
): readonly string[] {
  const rules = misplacedRules(supergraph.apiSchema, Object.keys(config.authorization.fields));
  return [
    ...problemsWith(declaredNames(supergraph)),
    ...coordinateProblems(supergraph, config).map(({ path, message }) => problemAt(path, message)),
    ...rules.map(({ coordinate, why }) => problemAt(['authorization', 'fields', coordinate], why)),
  ].map(formatProblem);
}
