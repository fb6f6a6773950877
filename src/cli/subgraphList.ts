import { formatProblem } from '../base/config/ConfigProblem.js';
import { loadConfig } from '../base/config/loadConfig.js';
import { shownPath } from '../base/kit/shownPath.js';
import type { SubgraphDefinition } from '../supergraph/sources/SubgraphDefinition.js';
import { subgraphDefinitions } from '../supergraph/sources/subgraphDefinitions.js';
import { Failure } from './Failure.js';
import { readInput } from './readInput.js';

/**
 * The subgraphs that a file lists: Rover's `supergraph.yaml`, or a configuration of Portico that says `supergraph.subgraphs` or
 * `supergraph.config`.
 *
 * Errors: a Failure that names every mistake as `file:line:column: message`.
 */
export function readSubgraphList(file: string): readonly SubgraphDefinition[] {
  const text = readInput(file);
  const list = { flag: '--config', path: ['supergraph', 'config'], value: file, alone: true } as const;
  const { loaded, problems } = loadConfig(isConfiguration(text) ? { file, text } : { overrides: [list] });
  if (loaded === undefined) {
    throw new Failure(problems.map((problem) => formatProblem({ ...problem, file: shown(problem.file) })));
  }
  const { supergraph, subgraphs } = loaded.config;
  if (supergraph.subgraphs === undefined) throw new Failure([`${file}: lists no subgraphs`]);
  return subgraphDefinitions(supergraph.subgraphs, subgraphs);
}

/** Whether a text is a configuration of Portico; otherwise a list in Rover's format, which has no such key. */
export function isConfiguration(text: string): boolean {
  return /^supergraph\s*:/m.test(text);
}

/** A problem's place: a file, or a flag. */
function shown(place: string): string {
  return place.startsWith('--') ? place : shownPath(place);
}
