import { formatProblem } from '../base/config/ConfigProblem.js';
import type { LoadedConfig } from '../base/config/loadConfig.js';
import { declaredNames } from '../supergraph/model/Supergraph.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { sourceKeyOf } from '../upstream/createConnectors.js';
import { coordinateProblems } from './coordinateProblems.js';
import type { CoordinateProblem } from './coordinateProblems.js';

/** What is needed of a configuration to hold it against a graph. */
export interface JudgedConfig extends Pick<LoadedConfig, 'problemsWith' | 'problemAt'> {
  readonly config: Pick<
    LoadedConfig['config'],
    'authorization' | 'connectors' | 'fallback' | 'rateLimit' | 'trafficShaping'
  >;
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
    ...unknownSources(supergraph, Object.keys(config.connectors.sources)).map(({ key, why }) =>
      problemAt(['connectors', 'sources', key], why),
    ),
    ...coordinateProblems(supergraph, config, ofFallbacks).map(({ path, message }) => problemAt(path, message)),
  ].map(formatProblem);
}

/** Settings of REST sources that nobody reads: those of connectors, and of subgraphs that could be in code. */
function unknownSources(
  supergraph: Pick<Supergraph, 'subgraphs' | 'connectors'>,
  keys: readonly string[],
): ReadonlyArray<{ readonly key: string; readonly why: string }> {
  const ofConnectors = new Set([...supergraph.connectors.values()].map(sourceKeyOf));
  const plain = [...supergraph.subgraphs.values()].flatMap(({ name, declaredBy }) =>
    declaredBy === undefined ? [name] : [],
  );
  const known = ofConnectors.size === 0 ? 'there are none' : `there are ${[...ofConnectors].toSorted().join(', ')}`;
  return keys
    .filter((key) => !ofConnectors.has(key) && !plain.includes(key))
    .map((key) => ({ key, why: `is no source of a connector (${known})` }));
}
