import { readFileSync } from 'node:fs';

import { linksConnectors } from '../base/config/linksConnectors.js';
import type { SubgraphDefinition } from '../supergraph/sources/SubgraphDefinition.js';
import { Failure } from './Failure.js';

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
    throw new Failure(unknown.map(({ name }) => noSubgraphLine('--subgraph', name, known)));
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

/** What is wrong with a flag that names a subgraph which the graph does not have. */
export function noSubgraphLine(flag: string, name: string, known: readonly string[]): string {
  return `${flag}: there is no subgraph "${name}" (there are ${known.join(', ')})`;
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
