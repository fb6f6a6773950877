import { LRUCache } from 'lru-cache';

/** Characters of documents and hashes: what was registered and never asked for, and what was. */
const MAX_NEW = 8_000_000;
const MAX_USED = 24_000_000;

/**
 * The memory of automatic persisted queries: bounded, and the least recently used leaves first, in two parts. A document is new until
 * somebody asks for it by its hash. Whoever registers documents by the hundred thousand, which takes no credentials, drives out others
 * that were never used, and none that clients live on. A `KeyValueCache` of Apollo Server's.
 */
export class PersistedQueryStore {
  readonly #new: LRUCache<string, string>;
  readonly #used: LRUCache<string, string>;

  constructor(maxNew = MAX_NEW, maxUsed = MAX_USED) {
    const sizeCalculation = (text: string, key: string): number => text.length + key.length;
    this.#new = new LRUCache<string, string>({ maxSize: maxNew, sizeCalculation });
    this.#used = new LRUCache<string, string>({ maxSize: maxUsed, sizeCalculation });
  }

  async get(key: string): Promise<string | undefined> {
    const used = this.#used.get(key);
    if (used !== undefined) return used;
    const text = this.#new.get(key);
    if (text === undefined) return undefined;
    this.#new.delete(key);
    this.#used.set(key, text);
    return text;
  }

  async set(key: string, text: string): Promise<void> {
    if (!this.#used.has(key)) this.#new.set(key, text);
  }

  async delete(key: string): Promise<boolean> {
    return [this.#used.delete(key), this.#new.delete(key)].includes(true);
  }
}
