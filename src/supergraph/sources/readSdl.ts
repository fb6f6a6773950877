import { readFile } from 'node:fs/promises';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { fetchSdl } from './fetchSdl.js';
import type { FetchSdlOptions } from './fetchSdl.js';
import type { SubgraphSchema } from './SubgraphDefinition.js';
import { loadSubgraphModule } from './SubgraphModule.js';

/** Reads the SDL of a subgraph once, from wherever it comes. Errors: SUBGRAPH_SDL_UNAVAILABLE. */
export async function readSdl(schema: SubgraphSchema, options: Omit<FetchSdlOptions, 'headers'> = {}): Promise<string> {
  switch (schema.kind) {
    case 'sdl':
      return schema.sdl;
    case 'service':
      return fetchSdl(schema.url, { ...options, headers: schema.headers });
    case 'module':
      return readModule(schema);
    case 'file': {
      const text = await readFile(schema.path, 'utf8').catch((error: unknown) => {
        throw unreadable(schema.shownAs, error);
      });
      // Writers empty a file first.
      if (text.trim() === '') throw new PorticoError('SUBGRAPH_SDL_UNAVAILABLE', `${schema.shownAs} is empty`);
      return text;
    }
  }
}

async function readModule({ path, shownAs }: Extract<SubgraphSchema, { kind: 'module' }>): Promise<string> {
  try {
    return (await loadSubgraphModule(path)).typeDefs;
  } catch (error) {
    if (!(error instanceof PorticoError)) throw error;
    const message = error.message.replace(path, shownAs);
    throw new PorticoError('SUBGRAPH_SDL_UNAVAILABLE', message, { cause: error });
  }
}

function unreadable(file: string, error: unknown): PorticoError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? message})`;
  return new PorticoError('SUBGRAPH_SDL_UNAVAILABLE', `${file} ${why}`, { cause: error });
}
