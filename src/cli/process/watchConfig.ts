import { formatProblem } from '../../base/config/ConfigProblem.js';
import type { ConfigLoading, LoadedConfig } from '../../base/config/loadConfig.js';
import { changedRestartSettings } from '../../base/config/restartSettings.js';
import { watchFile } from '../../base/kit/watchFile.js';
import { notices } from '../../base/telemetry/channels.js';
import { Failure } from '../Failure.js';

export interface ConfigReload {
  readonly load: () => ConfigLoading;
  /** Makes the running gateway what the configuration says, or rejects and leaves it as it is. */
  readonly apply: (next: LoadedConfig) => Promise<void>;
  /** Told of each configuration that is in use now. */
  readonly onApplied?: ((loaded: LoadedConfig) => void) | undefined;
}

/**
 * Reads the configuration again when its file changes. One with a mistake is refused as a whole: the log has the same messages as a
 * start would give, and the gateway serves on as it was.
 *
 * Reloads run one after another; changes that come meanwhile are seen by one more.
 */
export function watchConfig(first: LoadedConfig, { load, apply, onApplied }: ConfigReload): { close(): void } {
  let current = first;
  let running = false;
  let again = false;
  let closed = false;

  const reload = async (): Promise<void> => {
    const { loaded, problems } = load();
    if (loaded === undefined) return refuse(problems.map(formatProblem));
    if (JSON.stringify(loaded.config) === JSON.stringify(current.config)) return;
    try {
      await apply(loaded);
    } catch (error) {
      if (error instanceof Failure) return refuse(error.lines);
      return refuse([error instanceof Error ? error.message : String(error)], error);
    }
    const restart = changedRestartSettings(first.config, loaded.config);
    current = loaded;
    onApplied?.(loaded);
    notices.publish({ level: 'info', message: 'The configuration was replaced', details: { file: loaded.file } });
    if (restart.length === 0) return;
    const message = 'Some settings that have changed take effect with the next start';
    notices.publish({ level: 'warn', message, details: { settings: restart } });
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
  const watcher = first.file === undefined ? undefined : watchFile(first.file, () => void changed());
  return {
    close() {
      closed = true;
      watcher?.close();
    },
  };
}

function refuse(problems: readonly string[], error?: unknown): void {
  const message = 'The new configuration was refused, the old one stays in use';
  notices.publish({ level: 'error', message, details: { problems }, ...(error !== undefined && { error }) });
}
