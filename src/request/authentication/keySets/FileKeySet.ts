import { readFileSync } from 'node:fs';

import type { FlattenedJWSInput, JWSHeaderParameters } from 'jose';

import { PorticoError } from '../../../base/errors/PorticoError.js';
import { watchFile } from '../../../base/kit/watchFile.js';
import { notices } from '../../../base/telemetry/channels.js';
import { readKeySet } from './KeySet.js';
import type { KeySet, ReadKeySet, VerificationKey } from './KeySet.js';

/** A key set in a file, followed when it changes. What cannot be read then is reported, and the keys before it stay. */
export class FileKeySet implements KeySet {
  readonly #file: string;
  #set: ReadKeySet;
  #watcher: { close(): void } | undefined;
  version = 0;

  /** Errors: CONFIG_INVALID when the file holds no key set. */
  constructor(file: string) {
    this.#file = file;
    try {
      this.#set = readKeySet(readFileSync(file, 'utf8'));
    } catch (error) {
      const message = `authentication.jwt.jwks: ${file} cannot be used: ${(error as Error).message}`;
      throw new PorticoError('CONFIG_INVALID', message, { cause: error });
    }
  }

  candidates(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<readonly VerificationKey[]> {
    return this.#set.find(header, token);
  }

  start(): void {
    this.#watcher ??= watchFile(this.#file, () => this.#read());
  }

  close(): void {
    this.#watcher?.close();
  }

  #read(): void {
    const details = { file: this.#file };
    try {
      this.#set = readKeySet(readFileSync(this.#file, 'utf8'));
      this.version++;
      notices.publish({
        level: 'info',
        message: 'A key set was replaced',
        details: { ...details, keys: this.#set.size },
      });
    } catch (error) {
      const message = 'A key set cannot be read, the keys before it stay in use';
      notices.publish({ level: 'error', message, details, error });
    }
  }
}
