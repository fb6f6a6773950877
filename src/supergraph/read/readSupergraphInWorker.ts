import { carriedError } from '../../base/errors/carriedError.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { askWorker } from '../../base/kit/askWorker.js';
import type { Supergraph } from '../model/Supergraph.js';
import type { SupergraphFacts } from './examineSupergraph.js';
import { READ_THREAD } from './readThread.js';
import type { ReadWorkerReply } from './readWorker.js';
import { toSupergraph } from './toSupergraph.js';

/** The largest graphs take seconds; beyond this something is wrong. */
const TIMEOUT_MS = 60_000;

/**
 * `readSupergraph` with the slow part in a worker thread of its own: this thread only builds the API schema.
 *
 * Rejects as `readSupergraph` throws; SUPERGRAPH_INVALID too when the thread dies or takes longer than a minute.
 */
export async function readSupergraphInWorker(sdl: string): Promise<Supergraph> {
  const reply = await askWorker<ReadWorkerReply>(
    { ...READ_THREAD, data: sdl },
    {
      timeoutMs: TIMEOUT_MS,
      unanswered: (why) => new PorticoError('SUPERGRAPH_INVALID', `The supergraph cannot be loaded: ${why}`),
    },
  );
  if (reply.kind === 'refused') throw carriedError(reply);
  return toSupergraph(sdl, JSON.parse(reply.facts) as SupergraphFacts);
}
