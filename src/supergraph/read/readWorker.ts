import { parentPort } from 'node:worker_threads';

import { carryError } from '../../base/errors/carriedError.js';
import type { CarriedError } from '../../base/errors/carriedError.js';
import { workerInput } from '../../base/kit/workerInput.js';
import { examineSupergraph } from './examineSupergraph.js';

export type ReadWorkerReply = { readonly kind: 'facts'; readonly facts: string } | CarriedError;

/** Entry of a thread that examines one supergraph and ends. */
function main(sdl: string): ReadWorkerReply {
  try {
    return { kind: 'facts', facts: JSON.stringify(examineSupergraph(sdl)) };
  } catch (error) {
    return carryError(error);
  }
}

parentPort!.postMessage(main(await workerInput()));
