import { readFileSync } from 'node:fs';

import { Failure } from './Failure.js';

/** The text of a file that a command was told to read. Errors: a Failure that says why it cannot be read. */
export function readInput(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure([`${file}: ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`]);
  }
}
