import { watchFile } from '../../base/kit/watchFile.js';
import type { SubgraphDefinition } from './SubgraphDefinition.js';
import { SubgraphComposer } from './SubgraphComposer.js';
import type { SubgraphComposerOptions } from './SubgraphComposer.js';
import type { SupergraphSource } from './SupergraphSource.js';

/** A list of subgraphs that stands in a file: read again when the file changes. */
export interface SubgraphListFile {
  /** Absolute path. */
  readonly file: string;
  /** Errors: whatever it rejects with stops the start; later it is reported and the old list stays. */
  readonly read: () => Promise<readonly SubgraphDefinition[]>;
}

export interface SubgraphsSourceOptions extends SubgraphComposerOptions {
  readonly subgraphs: readonly SubgraphDefinition[] | SubgraphListFile;
}

/**
 * A supergraph composed from subgraphs: of files (watched), of texts, of running services (asked again and again).
 *
 * - Composition runs in a worker thread and gives the same text on every instance.
 * - Subgraphs that do not compose are reported once, and the supergraph before them serves on. Whatever repairs it takes effect by itself.
 * - A service that is down does not stop the start: its last good schema is used, from disk (see KeptSchemas); with none, the others start
 *   without it if they can, and it joins them when it comes up.
 *
 * Errors of the start: CompositionError; SUBGRAPH_SDL_UNAVAILABLE when a file cannot be read or nothing is left to compose.
 */
export function subgraphsSource({ subgraphs, ...options }: SubgraphsSourceOptions): SupergraphSource {
  return {
    async initialize({ update }) {
      const composer = new SubgraphComposer(update, options);
      const list = 'read' in subgraphs ? subgraphs : undefined;
      const watcher =
        list &&
        watchFile(list.file, () => void composer.replace(() => list.read()), { debounceMs: options.debounceMs });
      const cleanup = async (): Promise<void> => {
        watcher?.close();
        await composer.stop();
      };
      try {
        const definitions = list === undefined ? (subgraphs as readonly SubgraphDefinition[]) : await list.read();
        return { supergraphSdl: await composer.start(definitions), cleanup };
      } catch (error) {
        await cleanup();
        throw error;
      }
    },
  };
}
