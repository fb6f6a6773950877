import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseObject } from '../parseObject.js';
import { readConsumer } from './Consumer.js';
import type { Consumer } from './Consumer.js';

/** Consumers by name. */
export type Consumers = ReadonlyMap<string, Consumer>;

const LOCK_TRIES = 100;
const LOCK_WAIT_MS = 50;
/** A lock that is older was left behind by a process that died. */
const LOCK_MS = 10_000;

/** The consumers in a file's text. Errors: an Error that says what is wrong. */
export function parseKeysFile(text: string): Consumers {
  const { version, consumers: written } = parseObject(text);
  if (version !== 1 || !Array.isArray(written)) throw new Error('it is no file of keys, version 1');
  const consumers = written.map(readConsumer);
  const byName = new Map(consumers.map((consumer) => [consumer.name, consumer]));
  if (byName.size < consumers.length) throw new Error('two consumers have the same name');
  const ids = consumers.flatMap(({ keys }) => keys.map(({ id }) => id));
  if (new Set(ids).size < ids.length) throw new Error('two keys have the same id');
  return byName;
}

export function printKeysFile(consumers: Consumers): string {
  const sorted = [...consumers.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return `${JSON.stringify({ version: 1, consumers: sorted }, null, 2)}\n`;
}

/** The text of a file; undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Readers see the old text or the new one, never half of it. For the owner's eyes alone. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeFile(fresh, text, { mode: 0o600, flush: true });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Runs `work` while no other process does the same for this file. Errors: an Error when another one does for too long. */
export async function withLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${file}.lock`;
  for (let tried = 0; ; tried++) {
    try {
      await (await open(lock, 'wx')).close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (tried >= LOCK_TRIES) throw new Error(`${lock} is there: another process is changing the file`);
      const age = Date.now() - ((await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now());
      if (age > LOCK_MS) await rm(lock, { force: true });
      else await sleep(LOCK_WAIT_MS);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}
