import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

export interface WatchFileOptions {
  /** Quiet time after the last sign of a change, in milliseconds: writers write in pieces. Default 100. */
  readonly debounceMs?: number | undefined;
  /** How often the file is looked at where the system reports no changes (network drives, some containers), in milliseconds. Default 2000. */
  readonly pollMs?: number | undefined;
}

/**
 * Calls `onChange` when the file at an absolute path may have changed, or was made, removed or replaced. Never keeps the process alive.
 *
 * The directory is watched, not the file: editors and deployments replace files by renaming, and Kubernetes by moving a symbolic link above
 * them. Changes made after the call are seen; whoever reads the file first and watches it afterwards can miss one.
 */
export function watchFile(path: string, onChange: () => void, options: WatchFileOptions = {}): { close(): void } {
  const debounceMs = options.debounceMs ?? 100;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const changed = (): void => {
    if (closed) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, debounceMs).unref();
  };
  const firstStamp = stampOf(path);
  let stamp: string | undefined;
  const look = async (): Promise<void> => {
    stamp ??= await firstStamp;
    const now = await stampOf(path);
    if (now === stamp) return;
    stamp = now;
    changed();
  };
  const poll = setInterval(() => void look(), options.pollMs ?? 2000).unref();
  const watcher = watchDirectory(path, changed);
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(poll);
      watcher?.close();
    },
  };
}

/** Changes when the file does; `absent` when there is none. */
async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs}:${size}:${ino}`;
  } catch {
    return 'absent';
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
