/** An answer that was good, and when. */
export interface StaleEntry {
  /** JSON. */
  readonly text: string;
  /** On the store's clock, since then. */
  readonly ageMs: number;
}

/**
 * Keeps the last good answers of subgraphs. Whoever keeps something puts all that shaped it into the key.
 *
 * What is found may be of any age; how old is too old is for the one who asks. A store that fails gives nothing and never rejects.
 */
export interface StaleStore {
  find(key: string): StaleEntry | undefined | Promise<StaleEntry | undefined>;
  /** @param maxAgeMs nobody asks for it any more when it is older */
  keep(key: string, text: string, maxAgeMs: number): void;
}
