import { carriedError } from '../../base/errors/carriedError.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import { askWorker } from '../../base/kit/askWorker.js';
import type { ExpandWorkerReply } from './expandWorker.js';
import { isComposedElsewhere } from './isComposedElsewhere.js';

/** As long as a composition may take. */
const TIMEOUT_MS = 60_000;

/**
 * `expandSupergraph` in a worker thread of its own, where there is something to expand.
 *
 * Rejects as `expandSupergraph` throws; SUPERGRAPH_INVALID too when the thread dies or takes longer than a minute.
 */
export async function expandInWorker(supergraphSdl: string): Promise<string> {
  if (!isComposedElsewhere(supergraphSdl)) return supergraphSdl;
  const start = {
    entry: new URL('./expandWorker.js', import.meta.url),
    name: 'portico-expander',
    data: supergraphSdl,
    heapMb: 4096,
  };
  const reply = await askWorker<ExpandWorkerReply>(start, {
    timeoutMs: TIMEOUT_MS,
    unanswered: (why) =>
      new PorticoError('SUPERGRAPH_INVALID', `The connectors of the supergraph cannot be expanded: ${why}`),
  });
  if (reply.kind === 'refused') throw carriedError(reply);
  return reply.supergraphSdl;
}
