import type { Config } from '../base/config/configSchema.js';
import { formatProblem } from '../base/config/ConfigProblem.js';
import type { ConfigLoading } from '../base/config/loadConfig.js';
import type { SubgraphDefinition } from '../supergraph/sources/SubgraphDefinition.js';
import { subgraphDefinitions } from '../supergraph/sources/subgraphDefinitions.js';
import { subgraphsSource } from '../supergraph/sources/subgraphsSource.js';
import type { SupergraphSource } from '../supergraph/sources/SupergraphSource.js';
import { Failure } from './Failure.js';
import { replaceSubgraphs } from './replaceSubgraphs.js';
import type { SubgraphReplacement } from './replaceSubgraphs.js';

export interface SourceOptions {
  /** Subgraphs that run elsewhere: they are called there, and asked for their schemas. */
  readonly subgraph?: readonly SubgraphReplacement[] | undefined;
  /** Whether these are all subgraphs: one that the list has later is refused, and what is served stays. Default false. */
  readonly isWhole?: boolean | undefined;
  /** Instead of the configured `supergraph.poll_interval`. */
  readonly pollMs?: number | undefined;
  /** Where schemas of running subgraphs are kept; false: nowhere. Default: where SubgraphComposer keeps them. */
  readonly keepIn?: false | undefined;
}

/**
 * For the primary: the supergraph of a configuration that lists subgraphs, composed and followed.
 *
 * @param load reads the configuration anew, for a list of subgraphs in a file of its own that changes
 */
export function configuredSource(
  config: Config,
  load: () => ConfigLoading,
  { subgraph = [], isWhole, pollMs, keepIn }: SourceOptions = {},
): SupergraphSource {
  const { supergraph, subgraphs, reload } = config;
  const { config: listFile } = supergraph;
  const read = async (): Promise<readonly SubgraphDefinition[]> => replaceSubgraphs(listOf(load()), subgraph, isWhole);
  return subgraphsSource({
    subgraphs:
      listFile !== undefined && reload.watch
        ? { file: listFile, read }
        : replaceSubgraphs(subgraphDefinitions(supergraph.subgraphs ?? {}, subgraphs), subgraph, isWhole),
    pollMs: pollMs ?? supergraph.pollInterval,
    keepIn,
  });
}

/** Errors: a Failure with a line for each mistake. */
function listOf({ loaded, problems }: ConfigLoading): readonly SubgraphDefinition[] {
  if (loaded === undefined) throw new Failure(problems.map(formatProblem));
  return subgraphDefinitions(loaded.config.supergraph.subgraphs ?? {}, loaded.config.subgraphs);
}
