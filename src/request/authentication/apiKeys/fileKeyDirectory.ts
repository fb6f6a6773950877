import type { Consumer } from './Consumer.js';
import { readUses, usesFileOf } from './FileKeyStore.js';
import type { KeyDirectory } from './KeyStore.js';
import { parseKeysFile, printKeysFile, readIfThere, replaceFile, withLock } from './keysFile.js';
import type { Consumers } from './keysFile.js';

/** The keys in a file, to be changed. The file is made with the first consumer. */
export function fileKeyDirectory(file: string): KeyDirectory {
  const readAll = async (): Promise<Consumers> => {
    const text = await readIfThere(file);
    try {
      return text === undefined ? new Map() : parseKeysFile(text);
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
    }
  };
  return {
    read: async (name) => (await readAll()).get(name),
    list: async () => [...(await readAll()).values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    lastUses: async () => readUses(await readIfThere(usesFileOf(file))),
    change: (name, change) =>
      withLock(file, async () => {
        const consumers = new Map<string, Consumer>(await readAll());
        const next = change(consumers.get(name));
        if (next === undefined) consumers.delete(name);
        else consumers.set(name, next);
        await replaceFile(file, printKeysFile(consumers));
      }),
    close: async () => {},
  };
}
