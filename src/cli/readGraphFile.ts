import { expandSupergraph } from '../supergraph/compose/expandSupergraph.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { readSupergraph } from '../supergraph/read/readSupergraph.js';
import { readInput } from './readInput.js';

/** The supergraph of a file, whoever composed it; on this thread. Errors: a Failure, or as `expandSupergraph` and `readSupergraph`. */
export function readGraphFile(file: string): Supergraph {
  return readSupergraph(expandSupergraph(readInput(file)));
}
