import type { Consumer } from './Consumer.js';

/** Where consumers and their keys are, for whoever checks keys. */
export interface KeyStore {
  /** The consumer that has a key of this id, now. Errors: Unavailable when nobody can say. */
  find(id: string): Consumer | undefined | Promise<Consumer | undefined>;
  /** Notes the times of last use of keys, by id, in milliseconds since 1970. Errors: an Error. */
  noteUse(times: ReadonlyMap<string, number>): Promise<void>;
  start(): void;
  close(): void;
}

/** The same, for whoever changes them. */
export interface KeyDirectory {
  read(name: string): Promise<Consumer | undefined>;
  /** In the order of names. */
  list(): Promise<readonly Consumer[]>;
  /** Times of last use by key id, in milliseconds since 1970. */
  lastUses(): Promise<ReadonlyMap<string, number>>;
  /**
   * Replaces what `change` is given by what it gives (undefined: removed), in one step: nobody else's change is lost.
   *
   * Errors: what `change` throws, and nothing is changed then.
   */
  change(name: string, change: (consumer: Consumer | undefined) => Consumer | undefined): Promise<void>;
  close(): Promise<void>;
}
