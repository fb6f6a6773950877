import type { Supergraph } from '../model/Supergraph.js';
import { examineSupergraph } from './examineSupergraph.js';
import { toSupergraph } from './toSupergraph.js';

/**
 * Reads a supergraph on this thread. For tests and the command line; a serving process uses `readSupergraphInWorker`.
 *
 * Throws a PorticoError: SUPERGRAPH_INVALID, or SUPERGRAPH_FEATURE_UNSUPPORTED when it relies on something this gateway would not do.
 */
export function readSupergraph(sdl: string): Supergraph {
  return toSupergraph(sdl, examineSupergraph(sdl));
}
