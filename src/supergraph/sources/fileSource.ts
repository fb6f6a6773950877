import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { watchFile } from '../../base/kit/watchFile.js';
import type { WatchFileOptions } from '../../base/kit/watchFile.js';
import { notices } from '../../base/telemetry/channels.js';
import type { SupergraphSource } from './SupergraphSource.js';

export type FileSourceOptions = WatchFileOptions;

/**
 * A supergraph in a file, read again when it changes. A file that is missing for a moment is no change.
 *
 * Errors: SUPERGRAPH_INVALID when the file cannot be read at the start.
 */
export function fileSource(file: string, options: FileSourceOptions = {}): SupergraphSource {
  const path = resolve(file);
  return {
    async initialize({ update }) {
      let closed = false;
      let last: string | undefined;
      const read = async (): Promise<void> => {
        try {
          const text = await readFile(path, 'utf8');
          if (closed || last === undefined || text === last) return;
          last = text;
          update(text);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
          notices.publish({ level: 'error', message: 'The supergraph file cannot be read', details: { path }, error });
        }
      };
      // One after another: a slow reading must not overwrite what a later one found.
      let reading = Promise.resolve();
      const watcher = watchFile(path, () => void (reading = reading.then(read)), options);
      try {
        last = await readFirst(path);
      } catch (error) {
        watcher.close();
        throw error;
      }
      return {
        supergraphSdl: last,
        async cleanup() {
          closed = true;
          watcher.close();
        },
      };
    },
  };
}

async function readFirst(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new PorticoError('SUPERGRAPH_INVALID', `The supergraph file ${path} ${reason}`, {
      details: { path },
      cause: error,
    });
  }
}
