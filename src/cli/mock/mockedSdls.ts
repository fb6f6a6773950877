import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { formatProblem } from '../../base/config/ConfigProblem.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { extractDeclared } from '../../supergraph/connect/extractDeclared.js';
import { readSdl } from '../../supergraph/sources/readSdl.js';
import { subgraphDefinitions } from '../../supergraph/sources/subgraphDefinitions.js';
import { Failure } from '../Failure.js';
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
    const all = extractDeclared(await readFile(file, 'utf8').catch(() => unreadable(supergraph.file!)));
    const wanted = choose(all, names);
    return { sdls: new Map(wanted.map(({ name, sdl }) => [name, sdl])), files: [file] };
  }
  const wanted = choose(subgraphDefinitions(supergraph.subgraphs ?? {}, subgraphs), names);
  const sdls = new Map<string, string>();
  const failures: string[] = [];
  await Promise.all(
    wanted.map(async ({ name, schema }) => {
      const sdl = await readSdl(schema).catch((error: unknown) => {
        if (!(error instanceof PorticoError)) throw error;
        failures.push(`the schema of subgraph "${name}": ${error.message}`);
        return '';
      });
      if (schema.kind === 'module')
        failures.push(`--mock: "${name}" is in code (${schema.shownAs}): mock the service that it calls`);
      sdls.set(name, sdl);
    }),
  );
  if (failures.length > 0) throw new Failure(failures.sort());
  const files = wanted.flatMap(({ schema }) => ('path' in schema ? [schema.path] : []));
  const inOrder = wanted.map(({ name }) => [name, sdls.get(name)!] as const);
  return { sdls: new Map(inOrder), files: supergraph.config === undefined ? files : [...files, supergraph.config] };
}

function choose<T extends { readonly name: string }>(
  all: readonly T[],
  names: readonly string[] | undefined,
): readonly T[] {
  const known = all.map(({ name }) => name);
  const unknown = (names ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Failure(unknown.map((name) => `--mock: there is no subgraph "${name}" (there are ${known.join(', ')})`));
  }
  return names === undefined ? all : all.filter(({ name }) => names.includes(name));
}

function unreadable(file: string): never {
  throw new Failure([`${file}: does not exist or cannot be read`]);
}
