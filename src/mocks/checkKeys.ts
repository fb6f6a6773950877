import { unknownKeys } from '../base/kit/unknownKeys.js';

/** Throws: a TypeError for an option that nobody reads, see `unknownKeys`. */
export function checkKeys(where: string, given: object, known: readonly string[]): void {
  const problem = unknownKeys(given, known);
  if (problem !== undefined) throw new TypeError(`${where}: ${problem}`);
}
