import { PorticoError } from '../../base/errors/PorticoError.js';
import { askWorker } from '../../base/kit/askWorker.js';
import type { Composition, SubgraphSdl } from './compose.js';
import { CompositionError } from './CompositionError.js';
import type { ComposeWorkerReply } from './composeWorker.js';

export interface ComposeInWorkerOptions {
  /** Default 60 s: hundreds of subgraphs take tens of seconds. */
  readonly timeoutMs?: number | undefined;
  /** Ends it early, as COMPOSITION_INTERRUPTED. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * `compose` in a worker thread of its own, which ends with it: composing never stops this thread from serving.
 *
 * Rejects with a CompositionError when the subgraphs do not compose, and with COMPOSITION_INTERRUPTED when it could not be finished: it
 * took longer than `timeoutMs`, or the thread died (out of memory). The second may go better another time.
 */
export async function composeInWorker(
  subgraphs: readonly SubgraphSdl[],
  { timeoutMs = 60_000, signal }: ComposeInWorkerOptions = {},
): Promise<Composition> {
  const start = {
    entry: new URL('./composeWorker.js', import.meta.url),
    name: 'portico-composer',
    data: subgraphs,
    heapMb: 4096,
  };
  const reply = await askWorker<ComposeWorkerReply>(start, {
    timeoutMs,
    signal,
    unanswered: (why) => new PorticoError('COMPOSITION_INTERRUPTED', `The subgraphs could not be composed: ${why}`),
  });
  if (reply.kind === 'failed') throw new CompositionError(reply.problems);
  return { supergraphSdl: reply.supergraphSdl, hints: reply.hints };
}
