import { parentPort } from 'node:worker_threads';

import { PorticoError } from '../../base/errors/PorticoError.js';
import type { ErrorCode } from '../../base/errors/codes.js';
import { workerInput } from '../../base/kit/workerInput.js';
import { examineSupergraph } from './examineSupergraph.js';

export type ReadWorkerReply =
  | { readonly kind: 'facts'; readonly facts: string }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string; readonly details: string };

/** Entry of a thread that examines one supergraph and ends. */
function main(sdl: string): ReadWorkerReply {
  try {
    return { kind: 'facts', facts: JSON.stringify(examineSupergraph(sdl)) };
  } catch (error) {
    if (!(error instanceof PorticoError)) throw error;
    return { kind: 'refused', code: error.code, message: error.message, details: JSON.stringify(error.details) };
  }
}

parentPort!.postMessage(main(await workerInput()));
