import { resolve } from 'node:path';

import { formatProblem } from '../../base/config/ConfigProblem.js';
import { extractDeclared } from '../../supergraph/connect/extractDeclared.js';
import { subgraphDefinitions } from '../../supergraph/sources/subgraphDefinitions.js';
import { Failure } from '../Failure.js';
import { readInput } from '../readInput.js';
import { readSdls } from '../readSdls.js';
import { noSubgraphLine } from '../replaceSubgraphs.js';
import { loadStartConfig } from '../startConfig.js';
import type { StartFlags } from '../startConfig.js';

/** The SDLs to mock. */
export interface MockedSdls {
  /** By subgraph. */
  readonly sdls: ReadonlyMap<string, string>;
  /** Absolute paths: when one of them changes, so may the SDLs. */
  readonly files: readonly string[];
}

/**
 * Reads the SDLs of the subgraphs to mock, from wherever a start would take its graph.
 *
 * @param names undefined: all of them
 * Errors: a Failure with a line for each subgraph that is not there or whose schema cannot be read.
 */
export async function mockedSdls(flags: StartFlags, names: readonly string[] | undefined): Promise<MockedSdls> {
  const { loaded, problems } = loadStartConfig(flags);
  if (loaded === undefined) throw new Failure(problems.map(formatProblem));
  const { supergraph, subgraphs } = loaded.config;
  if (supergraph.file !== undefined) {
    const file = resolve(supergraph.file);
    const all = extractDeclared(readInput(supergraph.file));
    const wanted = choose(all, names);
    return { sdls: new Map(wanted.map(({ name, sdl }) => [name, sdl])), files: [file] };
  }
  const wanted = choose(subgraphDefinitions(supergraph.subgraphs ?? {}, subgraphs), names);
  const inCode = wanted.flatMap(({ name, schema }) =>
    schema.kind === 'module' ? `--mock: "${name}" is in code (${schema.shownAs}): mock the service that it calls` : [],
  );
  const read = await readSdls(wanted, inCode);
  const files = wanted.flatMap(({ schema }) => ('path' in schema ? [schema.path] : []));
  const sdls = new Map(read.map(({ name, sdl }) => [name, sdl]));
  return { sdls, files: supergraph.config === undefined ? files : [...files, supergraph.config] };
}

function choose<T extends { readonly name: string }>(
  all: readonly T[],
  names: readonly string[] | undefined,
): readonly T[] {
  const known = all.map(({ name }) => name);
  const unknown = (names ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Failure(unknown.map((name) => noSubgraphLine('--mock', name, known)));
  }
  return names === undefined ? all : all.filter(({ name }) => names.includes(name));
}
