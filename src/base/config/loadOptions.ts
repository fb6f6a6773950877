import { z } from 'zod';

import { camelKey, renameKeys, snakeKey } from './camelCased.js';
import { checkFiles } from './checkFiles.js';
import { checkTogether } from './checkTogether.js';
import { checkSubgraphNames, checkSubgraphUrls } from './checkSubgraphs.js';
import { configSchema } from './configSchema.js';
import type { Config, ConfigOptions } from './configSchema.js';
import { problemAt, sortProblems } from './ConfigProblem.js';
import type { ConfigProblem } from './ConfigProblem.js';
import { deepFreeze } from './loadConfig.js';
import { readSubgraphList } from './readSubgraphList.js';
import { supergraph } from './sections/supergraph.js';
import { SourceNode } from './SourceNode.js';
import { validate } from './validate.js';

const {
  subgraphs,
  introspection,
  authentication,
  authorization,
  headers,
  limits,
  traffic_shaping,
  tls,
  errors,
  query_planner,
  connectors,
  fallback,
  rate_limit,
  override_labels,
} = configSchema.shape;

/** What of the configuration concerns a gateway in a server of the user's own; listening, CORS and logs are that server's. */
const optionsSchema = z
  .strictObject({
    supergraph: supergraph.optional(),
    subgraphs,
    introspection,
    authentication,
    authorization,
    headers,
    limits,
    traffic_shaping,
    tls,
    errors,
    query_planner,
    connectors,
    fallback,
    rate_limit,
    override_labels,
  })
  .superRefine(checkTogether);

type EngineKey =
  | 'subgraphs'
  | 'introspection'
  | 'authentication'
  | 'headers'
  | 'limits'
  | 'trafficShaping'
  | 'tls'
  | 'errors'
  | 'queryPlanner'
  | 'connectors'
  | 'fallback'
  | 'rateLimit'
  | 'overrideLabels'
  | 'authorization';

/** What a program may say about a gateway: the settings of portico.yaml in camelCase. */
export type EngineSettings = Partial<Pick<ConfigOptions, EngineKey | 'supergraph'>>;

/** The same, complete and checked. */
export type EngineConfig = Pick<Config, EngineKey> & { readonly supergraph?: Config['supergraph'] | undefined };

export type OptionsLoading =
  | {
      readonly config: EngineConfig;
      /** Says which of its settings name subgraphs that are not among `names`. */
      readonly problemsWith: (names: Iterable<string>) => readonly ConfigProblem[];
      /** A mistake that is found out later, at the setting that it is about. */
      readonly problemAt: (path: readonly string[], message: string) => ConfigProblem;
      readonly problems: readonly [];
    }
  | { readonly config: undefined; readonly problems: readonly ConfigProblem[] };

/**
 * Checks the settings of a program, and fills in defaults. Paths of files start at the working directory. Never throws for a mistake.
 *
 * @param name what messages call it, where they would name a file
 */
export function loadOptions(settings: EngineSettings, name: string): OptionsLoading {
  const place = { file: name, line: 0, column: 0 };
  const root = SourceNode.of(renameKeys(optionsSchema, settings, snakeKey), place);
  const problems: ConfigProblem[] = checkFiles(optionsSchema, root, () => process.cwd());
  const { value, problems: mistakes } = validate(optionsSchema, root, 'camel');
  problems.push(...mistakes);
  const listFile = value?.supergraph?.config;
  if (value?.supergraph !== undefined && listFile !== undefined && problems.length === 0) {
    const list = readSubgraphList(listFile, process.env);
    if ('problems' in list) problems.push(...list.problems);
    else value.supergraph.subgraphs = list.subgraphs;
  }
  if (value === undefined || problems.length > 0) return { config: undefined, problems: sortProblems(problems) };
  const config = deepFreeze(renameKeys(optionsSchema, value, camelKey)) as EngineConfig;
  const list = config.supergraph?.subgraphs;
  if (list !== undefined) {
    problems.push(...checkSubgraphNames(root, Object.keys(list)));
    problems.push(...checkSubgraphUrls(list, config.subgraphs, root, ['supergraph', 'subgraphs']));
  }
  if (problems.length > 0) return { config: undefined, problems: sortProblems(problems) };
  return {
    config,
    problems: [],
    problemsWith: (names) => sortProblems(checkSubgraphNames(root, names)),
    problemAt: (path, message) => problemAt(root, path, message),
  };
}
