import type { z } from 'zod';

import { camelKey, renameKeys } from './camelCased.js';
import { checkFiles } from './checkFiles.js';
import { checkSubgraphNames, checkSubgraphUrls } from './checkSubgraphs.js';
import type { Config } from './configSchema.js';
import { problemAt, sortProblems } from './ConfigProblem.js';
import type { ConfigProblem } from './ConfigProblem.js';
import type { DescribeSetting } from './describeIssue.js';
import { readSubgraphList } from './readSubgraphList.js';
import type { SourceNode } from './SourceNode.js';
import { validate } from './validate.js';

/** What is known about settings before they are looked at. */
export interface Unsettled {
  readonly root: SourceNode;
  /** What was wrong with the text itself. */
  readonly problems: readonly ConfigProblem[];
  /** How messages spell settings. Default: as in YAML. */
  readonly words?: DescribeSetting['words'];
  /** Where the paths of files start that a setting names. */
  readonly directoryOf: (node: SourceNode) => string;
  /** Where the variables of a list of subgraphs are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type Settled<Settings> =
  | {
      /** Complete, in camelCase, frozen. */
      readonly config: Settings;
      /** Says which of its settings name subgraphs that are not among `names`. */
      readonly problemsWith: (names: Iterable<string>) => readonly ConfigProblem[];
      /** A mistake that is found out later, at the setting that it is about. */
      readonly problemAt: (path: readonly PropertyKey[], message: string) => ConfigProblem;
      readonly problems: readonly [];
    }
  | { readonly config: undefined; readonly problems: readonly ConfigProblem[] };

interface GraphSettings {
  readonly subgraphs: Config['subgraphs'];
  readonly supergraph?: Config['supergraph'] | undefined;
}

/** The second half of loading, wherever settings come from: checks them, reads the list of subgraphs that they name, fills in defaults. */
export function settle<Settings extends GraphSettings>(
  schema: z.ZodType,
  { root, problems: former, words, directoryOf, environment }: Unsettled,
): Settled<Settings> {
  // First: it makes paths absolute.
  const problems = [...former, ...checkFiles(schema, root, directoryOf)];
  const validation = validate(schema, root, words);
  problems.push(...validation.problems);
  const value = validation.value as { supergraph?: { config?: string; subgraphs?: unknown } } | undefined;
  const listFile = value?.supergraph?.config;
  if (listFile !== undefined && problems.length === 0) {
    const list = readSubgraphList(listFile, environment);
    if ('problems' in list) problems.push(...list.problems);
    else value!.supergraph!.subgraphs = list.subgraphs;
  }
  if (value === undefined || problems.length > 0) return { config: undefined, problems: sortProblems(problems) };
  const config = deepFreeze(renameKeys(schema, value, camelKey)) as Settings;
  const subgraphs = config.supergraph?.subgraphs;
  if (subgraphs !== undefined) {
    problems.push(...checkSubgraphNames(root, Object.keys(subgraphs)));
    problems.push(...checkSubgraphUrls(subgraphs, config.subgraphs, root, ['supergraph', 'subgraphs']));
  }
  if (problems.length > 0) return { config: undefined, problems: sortProblems(problems) };
  return {
    config,
    problems: [],
    problemsWith: (names) => sortProblems(checkSubgraphNames(root, names)),
    problemAt: (path, message) => problemAt(root, path, message),
  };
}

/** Freezes in place, all the way down. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) deepFreeze(child);
  }
  return value;
}
