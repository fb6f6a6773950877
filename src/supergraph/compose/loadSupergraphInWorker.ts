import type { Supergraph } from '../model/Supergraph.js';
import { readSupergraphInWorker } from '../read/readSupergraphInWorker.js';
import { expandInWorker } from './expandInWorker.js';

/**
 * The supergraph of a text, whoever composed it, with the slow parts in worker threads.
 *
 * Rejects as `expandInWorker` and `readSupergraphInWorker` do.
 */
export async function loadSupergraphInWorker(supergraphSdl: string): Promise<Supergraph> {
  return readSupergraphInWorker(await expandInWorker(supergraphSdl));
}
