import { formatProblem } from '../../base/config/ConfigProblem.js';
import type { ConfigLoading, LoadedConfig } from '../../base/config/loadConfig.js';
import { changedRestartSettings } from '../../base/config/restartSettings.js';
import { watchFile } from '../../base/kit/watchFile.js';
import { notices } from '../../base/telemetry/channels.js';
import { Failure } from '../Failure.js';
import { loadedFiles } from './loadedFiles.js';
import { messageOf } from '../../base/kit/messageOf.js';

export interface ConfigReload {
  readonly load: () => ConfigLoading;
  /** Makes the running gateway what the configuration says, or rejects and leaves it as it is. */
  readonly apply: (next: LoadedConfig) => Promise<void>;
  /** Told of each configuration that is in use now. */
  readonly onApplied?: ((loaded: LoadedConfig) => void) | undefined;
}

/**
 * Reads the configuration again when its file changes, or a file that it has the gateway load. One with a mistake is refused as a whole:
 * the log has the same messages as a start would give, and the gateway serves on as it was.
 *
 * Reloads run one after another; changes that come meanwhile are seen by one more.
 */
export function watchConfig(first: LoadedConfig, { load, apply, onApplied }: ConfigReload): { close(): void } {
  let current = first;
  let running = false;
  let again = false;
  let closed = false;
  /** Whether a file has changed that is loaded: the configuration itself may be the same. */
  let isStale = false;
  let watchers: ReadonlyArray<{ close(): void }> = [];

  const watchAll = (): void => {
    for (const watcher of watchers) watcher.close();
    const loadedAnew = (): void => {
      isStale = true;
      void changed();
    };
    watchers = [
      ...(first.file === undefined ? [] : [watchFile(first.file, () => void changed())]),
      ...loadedFiles(current.config).map((file) => watchFile(file, loadedAnew)),
    ];
  };
  const reload = async (): Promise<void> => {
    const { loaded, problems } = load();
    if (loaded === undefined) return refuse(problems.map(formatProblem));
    const isSame = JSON.stringify(loaded.config) === JSON.stringify(current.config);
    if (isSame && !isStale) return;
    isStale = false;
    try {
      await apply(loaded);
    } catch (error) {
      if (error instanceof Failure) return refuse(error.lines);
      return refuse([messageOf(error)], error);
    }
    const restart = changedRestartSettings(first.config, loaded.config);
    current = loaded;
    onApplied?.(loaded);
    const message = isSame ? 'What the configuration names was loaded anew' : 'The configuration was replaced';
    notices.publish({ level: 'info', message, details: { file: loaded.file } });
    if (!isSame) watchAll();
    if (restart.length === 0) return;
    notices.publish({
      level: 'warn',
      message: 'Some settings that have changed take effect with the next start',
      details: { settings: restart },
    });
  };
  const changed = async (): Promise<void> => {
    again = true;
    if (running) return;
    running = true;
    while (again && !closed) {
      again = false;
      await reload();
    }
    running = false;
  };
  watchAll();
  return {
    close() {
      closed = true;
      for (const watcher of watchers) watcher.close();
    },
  };
}

function refuse(problems: readonly string[], error?: unknown): void {
  const message = 'The new configuration was refused, the old one stays in use';
  notices.publish({ level: 'error', message, details: { problems }, ...(error !== undefined && { error }) });
}
