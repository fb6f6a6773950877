import { watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { notices } from '../../base/telemetry/channels.js';
import type { SupergraphSource } from './SupergraphSource.js';

export interface FileSourceOptions {
  /** Quiet time after the last change before the file is read, in milliseconds: writers write in pieces. Default 100. */
  readonly debounceMs?: number | undefined;
  /** How often the file is looked at where the system reports no changes (network drives, some containers), in milliseconds. Default 2000. */
  readonly pollMs?: number | undefined;
}

/**
 * A supergraph in a file, read again when it changes.
 *
 * The directory is watched, not the file: editors and deployments replace files by renaming, and Kubernetes by moving a symbolic link above
 * them. A file that is missing for a moment is no change.
 *
 * Errors: SUPERGRAPH_INVALID when the file cannot be read at the start.
 */
export function fileSource(file: string, options: FileSourceOptions = {}): SupergraphSource {
  const path = resolve(file);
  const debounceMs = options.debounceMs ?? 100;
  return {
    async initialize({ update }) {
      let last = await readFirst(path);
      let stamp = await stampOf(path);
      let timer: NodeJS.Timeout | undefined;
      let closed = false;

      const read = async (): Promise<void> => {
        try {
          const text = await readFile(path, 'utf8');
          stamp = await stampOf(path);
          if (closed || text === last) return;
          last = text;
          update(text);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
          notices.publish({ level: 'error', message: 'The supergraph file cannot be read', details: { path }, error });
        }
      };
      const changed = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => void read(), debounceMs);
      };
      const poll = setInterval(() => {
        void stampOf(path).then((now) => {
          if (now !== undefined && now !== stamp) changed();
        });
      }, options.pollMs ?? 2000).unref();
      const watcher = watchDirectory(path, changed);

      return {
        supergraphSdl: last,
        async cleanup() {
          closed = true;
          clearTimeout(timer);
          clearInterval(poll);
          watcher?.close();
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

/** Changes when the file does; undefined when there is none. */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs}:${size}:${ino}`;
  } catch {
    return undefined;
  }
}

/** The poll alone does where the system cannot watch. */
function watchDirectory(path: string, changed: () => void): { close(): void } | undefined {
  try {
    const name = basename(path);
    const watcher = watch(dirname(path), { persistent: false }, (_event, changedName) => {
      // `..data` is the link that Kubernetes moves; some systems give no name.
      if (changedName === null || changedName === name || changedName === '..data') changed();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
