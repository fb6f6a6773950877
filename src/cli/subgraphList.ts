import { readFileSync } from 'node:fs';

import { formatProblem } from '../base/config/ConfigProblem.js';
import { linksConnectors } from '../base/config/linksConnectors.js';
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

/** Where a subgraph runs, from the command line: `reviews=http://localhost:4003/graphql`. */
export interface SubgraphReplacement {
  readonly name: string;
  readonly url: string;
  /** Whether a mock of ours answers there, in GraphQL whatever the subgraph speaks. */
  readonly isMock?: boolean | undefined;
}

/**
 * The list with some subgraphs called elsewhere, and their schemas asked there.
 *
 * @param isWhole whether they are all of them
 * Errors: a Failure for a name that is not in the list, or that `isWhole` has left out, and for a REST service, which nobody can ask for its
 * schema.
 */
export function replaceSubgraphs(
  definitions: readonly SubgraphDefinition[],
  replacements: readonly SubgraphReplacement[],
  isWhole = false,
): readonly SubgraphDefinition[] {
  const known = definitions.map(({ name }) => name);
  const missed = isWhole ? notMocked(known, replacements) : [];
  if (missed.length > 0) throw new Failure(missed.map(startAgain));
  const unknown = replacements.filter(({ name }) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Failure(
      unknown.map(({ name }) => `--subgraph: there is no subgraph "${name}" (there are ${known.join(', ')})`),
    );
  }
  const rest = replacements.filter(
    ({ name, isMock }) => isMock !== true && isRest(definitions.find((each) => each.name === name)!),
  );
  if (rest.length > 0) throw new Failure(rest.map(({ name }) => restLine(name)));
  return definitions.map((definition) => {
    const url = replacements.findLast(({ name }) => name === definition.name)?.url;
    return url === undefined ? definition : { ...definition, url, schema: { kind: 'service', url, headers: {} } };
  });
}

/** What is wrong with `--subgraph` for a REST service. */
export function restLine(name: string): string {
  return `--subgraph: "${name}" is a REST service, which has no schema to ask for: say where it is as subgraphs.${name}.url in a portico.yaml`;
}

function isRest({ schema }: SubgraphDefinition): boolean {
  if (schema.kind === 'module') return true;
  if (schema.kind === 'sdl') return linksConnectors(schema.sdl);
  if (schema.kind === 'service') return false;
  try {
    return linksConnectors(readFileSync(schema.path, 'utf8'));
  } catch {
    // It is complained about where it is read.
    return false;
  }
}

/** Names that came later than the mocks. */
export function notMocked(names: readonly string[], mocks: readonly SubgraphReplacement[]): string[] {
  return names.filter((name) => mocks.every((mock) => mock.name !== name));
}

/** Whoever wants all of a graph mocked does not want the service of a new subgraph called. */
export function startAgain(name: string): string {
  return `subgraph "${name}" is new and not mocked: start portico mock again`;
}

/** A problem's place: a file, or a flag. */
function shown(place: string): string {
  return place.startsWith('--') ? place : shownPath(place);
}
