import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { notices } from '../../base/telemetry/channels.js';

/** A schema from an earlier run. */
export interface KeptSchema {
  readonly sdl: string;
  /** When it was kept, ISO 8601. */
  readonly keptAt: string;
}

const FIRST_LINE = /^# Kept by Portico at (\S+) from (\S+)\.[^\n]*\n/;

/**
 * The last SDL of each running subgraph that was part of a good composition, in files of a folder: with them a gateway starts while
 * a subgraph is down.
 *
 * A file belongs to a name and a URL: a schema kept from another environment is not used. Written whole or not at all. A folder that cannot
 * be written costs this convenience and nothing else.
 */
export class KeptSchemas {
  readonly #folder: string;
  /** What is on disk already, by file. */
  readonly #written = new Map<string, string>();
  #warned = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined when nothing was kept for this name and URL. */
  async read(name: string, url: string): Promise<KeptSchema | undefined> {
    try {
      const text = await readFile(this.#fileOf(name), 'utf8');
      const [head, keptAt, origin] = FIRST_LINE.exec(text) ?? [];
      if (head === undefined || keptAt === undefined || origin !== fingerprint(url)) return undefined;
      return { sdl: text.slice(head.length), keptAt };
    } catch {
      return undefined;
    }
  }

  async write(name: string, url: string, sdl: string): Promise<void> {
    const file = this.#fileOf(name);
    const content = `${fingerprint(url)}\n${sdl}`;
    if (this.#written.get(file) === content) return;
    const head = `# Kept by Portico at ${new Date().toISOString()} from ${fingerprint(url)}. Used when the subgraph is down at the start.\n`;
    const draft = `${file}.${randomUUID()}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(draft, head + sdl);
      await rename(draft, file);
      this.#written.set(file, content);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => {});
      if (this.#warned) return;
      this.#warned = true;
      const details = { folder: this.#folder };
      notices.publish({ level: 'warn', message: 'The schemas of subgraphs cannot be kept', details, error });
    }
  }

  /** Names may hold anything; two that differ in case alone must not meet on file systems that ignore it. */
  #fileOf(name: string): string {
    const readable = name.replace(/[^\w-]/g, '_').slice(0, 80);
    return join(this.#folder, `${readable}-${fingerprint(name).slice(0, 8)}.graphql`);
  }
}

/** A URL may hold a key, so the file holds its digest. */
function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
