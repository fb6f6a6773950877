import { parentPort, workerData } from 'node:worker_threads';

import { compose } from './compose.js';
import type { Composition, SubgraphSdl } from './compose.js';
import { CompositionError } from './CompositionError.js';
import type { CompositionProblem } from './problems.js';

export type ComposeWorkerReply =
  | ({ readonly kind: 'composed' } & Composition)
  | { readonly kind: 'failed'; readonly problems: readonly CompositionProblem[] };

/** Entry of a thread that composes once and ends. */
function main(subgraphs: readonly SubgraphSdl[]): ComposeWorkerReply {
  try {
    return { kind: 'composed', ...compose(subgraphs) };
  } catch (error) {
    if (!(error instanceof CompositionError)) throw error;
    return { kind: 'failed', problems: error.problems };
  }
}

parentPort!.postMessage(main(workerData as readonly SubgraphSdl[]));
