import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';

import { isJsonObject } from '../../base/kit/isJsonObject.js';
import { messageOf } from '../../base/kit/messageOf.js';
import type { PlanRequest } from './Planner.js';

/** Bounds of the file, written and read. */
const MAX_OPERATIONS = 1_000;
const MAX_BYTES = 8 * 1024 * 1024;
const VERSION = 1;

/**
 * The hottest operations that a former process kept: what is planned before `/ready` after a restart.
 *
 * The file is a convenience: a missing one is an empty list, and any other trouble is one warning and an empty list.
 */
export async function readWarmupFile(path: string, warn: (message: string) => void): Promise<PlanRequest[]> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, more than ${MAX_BYTES}`);
    return parseOperations(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    warn(`The warm-up file ${path} is ignored: ${messageOf(error)}`);
    return [];
  }
}

/**
 * Replaces the file in one step: a reader, or a process that is killed meanwhile, sees the old or the new list.
 *
 * @param requests hottest first; what does not fit into the bounds is left out
 */
export async function writeWarmupFile(path: string, requests: readonly PlanRequest[]): Promise<void> {
  const operations: PlanRequest[] = [];
  let bytes = 64;
  for (const { text, labels } of requests.slice(0, MAX_OPERATIONS)) {
    const operation = { text, labels };
    bytes += Buffer.byteLength(JSON.stringify(operation)) + 1;
    if (bytes > MAX_BYTES) break;
    operations.push(operation);
  }
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    // Operations can hold literals of clients: for the owner's eyes.
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify({ version: VERSION, operations }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function parseOperations(content: unknown): PlanRequest[] {
  if (!isJsonObject(content) || content['version'] !== VERSION) throw new Error(`it is not of version ${VERSION}`);
  const { operations } = content;
  if (!Array.isArray(operations)) throw new Error('it has no list of operations');
  return operations.slice(0, MAX_OPERATIONS).map((each: unknown) => {
    const labels: unknown = isJsonObject(each) ? each['labels'] : undefined;
    if (!isJsonObject(each) || typeof each['text'] !== 'string' || !isTextList(labels)) {
      throw new Error('an operation in it has another shape');
    }
    return { text: each['text'], labels };
  });
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
