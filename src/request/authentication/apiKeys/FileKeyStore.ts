import { existsSync, readFileSync } from 'node:fs';

import { PorticoError } from '../../../base/errors/PorticoError.js';
import { watchFile } from '../../../base/kit/watchFile.js';
import { notices } from '../../../base/telemetry/channels.js';
import type { Consumer } from './Consumer.js';
import { parseKeysFile, readIfThere, replaceFile, withLock } from './keysFile.js';
import type { KeyStore } from './KeyStore.js';

/** A removed key must stop counting at once; writers replace the file in one step, so there is nothing to wait for. */
const DEBOUNCE_MS = 10;
const POLL_MS = 500;

/**
 * Keys in a file, all of them in memory, read again when the file changes. No file means no keys. What cannot be read is reported, and what
 * was read before stays in use.
 */
export class FileKeyStore implements KeyStore {
  readonly #file: string;
  #byId: ReadonlyMap<string, Consumer>;
  #watcher: { close(): void } | undefined;

  /** Errors: CONFIG_INVALID when the file is there and cannot be read. */
  constructor(file: string) {
    this.#file = file;
    try {
      this.#byId = readById(file);
    } catch (error) {
      const message = `authentication.api_keys.file: ${file} cannot be used: ${(error as Error).message}`;
      throw new PorticoError('CONFIG_INVALID', message, { cause: error });
    }
  }

  find(id: string): Consumer | undefined {
    return this.#byId.get(id);
  }

  /** Beside the file, so that noting a use is no change of keys. Several processes may write: the later time counts. */
  async noteUse(times: ReadonlyMap<string, number>): Promise<void> {
    const file = usesFileOf(this.#file);
    await withLock(file, async () => {
      const known = readUses(await readIfThere(file));
      for (const [id, time] of times) known.set(id, Math.max(time, known.get(id) ?? 0));
      for (const id of known.keys()) if (!this.#byId.has(id)) known.delete(id);
      await replaceFile(file, `${JSON.stringify(Object.fromEntries(known))}\n`);
    });
  }

  start(): void {
    this.#watcher ??= watchFile(this.#file, () => this.#read(), { debounceMs: DEBOUNCE_MS, pollMs: POLL_MS });
    // It may have changed between the first look and the watch.
    this.#read();
  }

  close(): void {
    this.#watcher?.close();
  }

  #read(): void {
    try {
      this.#byId = readById(this.#file);
    } catch (error) {
      const message = 'The file of API keys cannot be read, the keys before it stay in use';
      notices.publish({ level: 'error', message, details: { file: this.#file, reason: (error as Error).message } });
    }
  }
}

export function usesFileOf(file: string): string {
  return `${file}.uses`;
}

/** Times of last use; what cannot be read counts as never. */
export function readUses(text: string | undefined): Map<string, number> {
  try {
    const json = JSON.parse(text ?? '{}') as Record<string, unknown>;
    return new Map(Object.entries(json).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
  } catch {
    return new Map();
  }
}

function readById(file: string): ReadonlyMap<string, Consumer> {
  if (!existsSync(file)) return new Map();
  const consumers = [...parseKeysFile(readFileSync(file, 'utf8')).values()];
  return new Map(consumers.flatMap((consumer) => consumer.keys.map(({ id }) => [id, consumer] as const)));
}
