import { formatProblem } from '../base/config/ConfigProblem.js';
import type { ConfigProblem } from '../base/config/ConfigProblem.js';
import { loadOptions } from '../base/config/loadOptions.js';
import type { EngineConfig, EngineSettings } from '../base/config/loadOptions.js';
import { PorticoError } from '../base/errors/PorticoError.js';
import { fileSource } from '../supergraph/sources/fileSource.js';
import { subgraphDefinitions } from '../supergraph/sources/subgraphDefinitions.js';
import { subgraphsSource } from '../supergraph/sources/subgraphsSource.js';
import type { GatewayOptions } from './GatewayOptions.js';
import { replacedOptions } from './replacedOptions.js';

/** Where a mistake is said to be. */
const CALLER = 'createGateway';

/** The settings among the options of a gateway, complete. Errors: CONFIG_INVALID, with a line for each mistake. */
export function readSettings(settings: EngineSettings): {
  config: EngineConfig;
  problemsWith: (names: Iterable<string>) => readonly ConfigProblem[];
  problemAt: (path: readonly PropertyKey[], message: string) => ConfigProblem;
} {
  const replaced = Object.keys(settings).filter((key) => Object.hasOwn(replacedOptions, key));
  if (replaced.length > 0) {
    throw invalid(replaced.map((key) => `${CALLER}: ${key} is an option of Apollo Gateway: ${replacedOptions[key]!}`));
  }
  const loading = loadOptions(settings, CALLER);
  if (loading.config === undefined) throw invalid(loading.problems.map(formatProblem));
  return loading;
}

/** Where the supergraph comes from. Errors: CONFIG_INVALID when it is said twice, or not at all. */
export function sourceOf(
  supergraphSdl: GatewayOptions['supergraphSdl'],
  { supergraph, subgraphs }: EngineConfig,
): NonNullable<GatewayOptions['supergraphSdl']> {
  if ((supergraphSdl === undefined) === (supergraph === undefined)) {
    const how =
      supergraph === undefined
        ? 'needs one of supergraphSdl and supergraph, and has none'
        : 'has both supergraphSdl and supergraph';
    throw invalid([`${CALLER}: ${how}`]);
  }
  if (supergraph === undefined) return supergraphSdl!;
  if (supergraph.file !== undefined) return fileSource(supergraph.file);
  const definitions = subgraphDefinitions(supergraph.subgraphs ?? {}, subgraphs);
  return subgraphsSource({ subgraphs: definitions, pollMs: supergraph.pollInterval });
}

function invalid(lines: readonly string[]): PorticoError {
  return new PorticoError('CONFIG_INVALID', lines.join('\n'));
}
