import { writeFile } from 'node:fs/promises';

import { importOpenapi } from './importOpenapi.js';
import { readOpenapi } from './readOpenapi.js';

export interface ImportFlags {
  readonly output?: string | undefined;
  readonly url?: string | undefined;
  readonly name?: string | undefined;
}

/** Imports a document; SDL goes to a file or the standard output, notes to the standard error output. */
export async function runImport(file: string, { output, url, name }: ImportFlags): Promise<void> {
  const { sdl, notes, fieldCount } = importOpenapi(await readOpenapi(file), { url, name });
  for (const note of notes) console.error(`note: ${note}`);
  if (output === undefined) {
    process.stdout.write(sdl);
    return;
  }
  await writeFile(output, sdl);
  console.error(`${output}: ${fieldCount} field${fieldCount === 1 ? '' : 's'} with connectors`);
}
