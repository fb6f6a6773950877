import { PorticoError } from '../../base/errors/PorticoError.js';
import { startWorker } from '../../base/kit/startWorker.js';
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
  const worker = startWorker({
    entry: new URL('./expandWorker.js', import.meta.url),
    name: 'portico-expander',
    data: supergraphSdl,
    heapMb: 4096,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const reply = await new Promise<ExpandWorkerReply>((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new PorticoError('SUPERGRAPH_INVALID', `The connectors of the supergraph cannot be expanded: ${why}`));
      timer = setTimeout(() => fail(`it took longer than ${TIMEOUT_MS} ms`), TIMEOUT_MS);
      worker.on('message', resolve);
      worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => fail(`the thread ended with code ${code}`));
    });
    if (reply.kind === 'expanded') return reply.supergraphSdl;
    throw new PorticoError(reply.code, reply.message, {
      details: JSON.parse(reply.details) as Record<string, unknown>,
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
