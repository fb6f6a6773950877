import { parentPort, workerData } from 'node:worker_threads';

import type { ErrorCode } from '../../base/errors/codes.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { expandSupergraph } from './expandSupergraph.js';

export type ExpandWorkerReply =
  | { readonly kind: 'expanded'; readonly supergraphSdl: string }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string; readonly details: string };

/** Entry of a thread that expands the connectors of one supergraph and ends. */
function main(supergraphSdl: string): ExpandWorkerReply {
  try {
    return { kind: 'expanded', supergraphSdl: expandSupergraph(supergraphSdl) };
  } catch (error) {
    if (!(error instanceof PorticoError)) throw error;
    return { kind: 'refused', code: error.code, message: error.message, details: JSON.stringify(error.details) };
  }
}

parentPort!.postMessage(main(workerData as string));
