import { LRUCache } from 'lru-cache';

import { systemClock } from '../kit/Clock.js';
import type { Clock } from '../kit/Clock.js';
import type { StaleStore } from './StaleStore.js';

interface Kept {
  readonly text: string;
  readonly at: number;
  readonly until: number;
}

/** What an entry costs besides its texts, in bytes; measured roughly on Node 20. */
const ENTRY_OVERHEAD = 200;
/** No entry may take more than this share of the store: one large answer must not drive out all others. */
const LARGEST_SHARE = 1 / 8;

/** A store in this process: what was used least recently leaves first when `maxBytes` are full. */
export function createMemoryStaleStore(maxBytes: number, clock: Clock = systemClock): StaleStore {
  const kept = new LRUCache<string, Kept>({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes * LARGEST_SHARE)),
    sizeCalculation: ({ text }, key) => ENTRY_OVERHEAD + 2 * (text.length + key.length),
  });
  return {
    find(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      const now = clock.monotonic();
      if (now <= found.until) return { text: found.text, ageMs: now - found.at };
      kept.delete(key);
      return undefined;
    },
    keep(key, text, maxAgeMs) {
      const at = clock.monotonic();
      kept.set(key, { text, at, until: at + maxAgeMs });
    },
  };
}
