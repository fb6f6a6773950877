import { parentPort, workerData } from 'node:worker_threads';

import { carryError } from '../../base/errors/carriedError.js';
import type { CarriedError } from '../../base/errors/carriedError.js';
import { expandSupergraph } from './expandSupergraph.js';

export type ExpandWorkerReply = { readonly kind: 'expanded'; readonly supergraphSdl: string } | CarriedError;

/** Entry of a thread that expands the connectors of one supergraph and ends. */
function main(supergraphSdl: string): ExpandWorkerReply {
  try {
    return { kind: 'expanded', supergraphSdl: expandSupergraph(supergraphSdl) };
  } catch (error) {
    return carryError(error);
  }
}

parentPort!.postMessage(main(workerData as string));
