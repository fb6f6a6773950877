import { camelKey, renameKeys, snakeKey } from './camelCased.js';
import { checkFiles } from './checkFiles.js';
import { checkSubgraphNames, checkSubgraphUrls } from './checkSubgraphs.js';
import { configSchema } from './configSchema.js';
import type { Config, ConfigOptions } from './configSchema.js';
import { problemAt, sortProblems } from './ConfigProblem.js';
import { deepFreeze } from './loadConfig.js';
import type { ConfigLoading } from './loadConfig.js';
import { SourceNode } from './SourceNode.js';
import { validate } from './validate.js';

/**
 * Checks everything that a program may say about a whole server, and fills in defaults: portico.yaml in camelCase. Paths of files start at the
 * working directory. Never throws for a mistake.
 *
 * @param name what messages call it, where they would name a file
 */
export function loadServerOptions(settings: ConfigOptions, name: string): ConfigLoading {
  const root = SourceNode.of(renameKeys(configSchema, settings, snakeKey), { file: name, line: 0, column: 0 });
  const problems = checkFiles(configSchema, root, () => process.cwd());
  const { value, problems: mistakes } = validate(configSchema, root, 'camel');
  problems.push(...mistakes);
  if (value === undefined || problems.length > 0) return { loaded: undefined, problems: sortProblems(problems) };
  const config = deepFreeze(renameKeys(configSchema, value, camelKey)) as Config;
  const { subgraphs } = config.supergraph;
  if (subgraphs !== undefined) {
    problems.push(...checkSubgraphNames(root, Object.keys(subgraphs)));
    problems.push(...checkSubgraphUrls(subgraphs, config.subgraphs, root, ['supergraph', 'subgraphs']));
  }
  if (problems.length > 0) return { loaded: undefined, problems: sortProblems(problems) };
  const problemsWith = (names: Iterable<string>) => sortProblems(checkSubgraphNames(root, names));
  return {
    loaded: {
      config,
      text: '',
      file: undefined,
      problemsWith,
      problemAt: (path, message) => problemAt(root, path, message),
    },
    problems: [],
  };
}
