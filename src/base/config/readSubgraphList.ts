import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { z } from 'zod';

import { checkFiles } from './checkFiles.js';
import type { ConfigProblem } from './ConfigProblem.js';
import { readYaml } from './readYaml.js';
import { subgraphList } from './sections/supergraph.js';
import { SourceNode } from './SourceNode.js';
import { validate } from './validate.js';

type SubgraphList = z.output<typeof subgraphList>;

/** Reads a file in the format of Rover's `supergraph.yaml`. Paths in it start at its own directory. */
export function readSubgraphList(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): SubgraphList | { readonly problems: readonly ConfigProblem[] } {
  const directory = dirname(file);
  const yaml = readYaml(readFileSync(file, 'utf8'), file, { environment, directory });
  if (yaml.root === undefined && yaml.problems.length > 0) return { problems: yaml.problems };
  const root = yaml.root ?? SourceNode.map({ file, line: 1, column: 1 });
  const missing = checkFiles(subgraphList, root, () => directory);
  const { value, problems } = validate(subgraphList, root);
  const all = [...yaml.problems, ...missing, ...problems];
  return value === undefined || all.length > 0 ? { problems: all } : value;
}
