import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { messageOf } from '../../base/kit/messageOf.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { shownPath } from '../../base/kit/shownPath.js';

/** By this a subgraph in code is known, whichever copy of the package has made it. */
export const SUBGRAPH_MODULE = Symbol.for('portico.restSubgraph');

/** What of a subgraph in code composition needs to know. */
export interface SubgraphModule {
  readonly [SUBGRAPH_MODULE]: true;
  readonly typeDefs: string;
  readonly baseURL: string;
}

/**
 * Loads the subgraph that a module exports as its default. A changed file is loaded anew.
 *
 * Errors: CONFIG_INVALID when it cannot be loaded, or its default export is none.
 */
export async function loadSubgraphModule(file: string): Promise<SubgraphModule> {
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = (await import(`${pathToFileURL(file).href}?v=${statSync(file).mtimeMs}`)) as typeof loaded;
  } catch (cause) {
    const why = messageOf(cause).split('\n', 1)[0]!;
    const hint = /\.[cm]?ts$/.test(file)
      ? ' (this Node reads JavaScript: compile it, or start with node --import tsx)'
      : '';
    throw new PorticoError('CONFIG_INVALID', `${shownPath(file)} cannot be loaded: ${why}${hint}`, { cause });
  }
  const { default: subgraph } = loaded;
  if (isSubgraphModule(subgraph)) return subgraph;
  throw new PorticoError('CONFIG_INVALID', `${shownPath(file)} has no defineRestSubgraph(…) as its default export`);
}

export function isSubgraphModule(value: unknown): value is SubgraphModule {
  return typeof value === 'object' && value !== null && SUBGRAPH_MODULE in value;
}
