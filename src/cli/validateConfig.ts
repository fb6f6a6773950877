import { readFile } from 'node:fs/promises';

import { PorticoError } from '../base/errors/PorticoError.js';
import { formatProblem } from '../base/config/ConfigProblem.js';
import { loadConfig } from '../base/config/loadConfig.js';
import { problemsWithGraph } from '../gateway/problemsWithGraph.js';
import { loadSupergraphInWorker } from '../supergraph/compose/loadSupergraphInWorker.js';

/** Everything that a start would refuse, a line for each; the supergraph file is read for what it has. Empty: it is valid. */
export async function validateConfig(file: string): Promise<readonly string[]> {
  const { loaded, problems } = loadConfig({ file });
  if (loaded === undefined) return problems.map(formatProblem);
  const supergraphFile = loaded.config.supergraph.file;
  if (supergraphFile === undefined) return [];
  try {
    return problemsWithGraph(loaded, await loadSupergraphInWorker(await readFile(supergraphFile, 'utf8')));
  } catch (error) {
    if (error instanceof PorticoError) return [`${supergraphFile}: ${error.message}`];
    throw error;
  }
}
