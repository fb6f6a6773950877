import { existsSync } from 'node:fs';

import { FOUND_CONFIG_VARIABLE, ORIGIN_VARIABLE } from './process/messages.js';
import type { StartFlags } from './startConfig.js';

type Place = Pick<StartFlags, 'config' | 'supergraph' | 'subgraphs'>;

/** Looked for in the working directory, in this order. */
const NAMES = ['portico.yaml', 'portico.yml', 'portico.json'];

/**
 * The configuration of the working directory, for a start whose flags do not say what to serve; undefined when they do, or there is none.
 *
 * @param exists whether there is such a file
 */
export function findConfig(
  { config, supergraph, subgraphs }: Place,
  exists: (name: string) => boolean = existsSync,
): string | undefined {
  if (config !== undefined || supergraph !== undefined || subgraphs !== undefined) return undefined;
  return NAMES.find((name) => exists(name));
}

/** What the primary finds, and its serving processes with it: one that is started later goes by the same file, whatever has become of it. */
export function foundConfig(flags: Place): string | undefined {
  if (process.env[ORIGIN_VARIABLE] !== undefined) return process.env[FOUND_CONFIG_VARIABLE];
  const found = findConfig(flags);
  if (found === undefined) delete process.env[FOUND_CONFIG_VARIABLE];
  else process.env[FOUND_CONFIG_VARIABLE] = found;
  return found;
}
