import { relative, resolve } from 'node:path';

/** A file as a user would type it: from the working directory when that is above it, otherwise as it was given. */
export function shownPath(file: string): string {
  const short = relative(process.cwd(), resolve(file));
  return short.startsWith('..') ? file : short;
}
