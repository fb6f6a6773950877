import { PorticoError } from '../../base/errors/PorticoError.js';
import { startWorker } from '../../base/kit/startWorker.js';
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
  const worker = startWorker({ ...READ_THREAD, data: sdl });
  let timer: NodeJS.Timeout | undefined;
  try {
    const reply = await new Promise<ReadWorkerReply>((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new PorticoError('SUPERGRAPH_INVALID', `The supergraph cannot be loaded: ${why}`));
      timer = setTimeout(() => fail(`reading it took longer than ${TIMEOUT_MS} ms`), TIMEOUT_MS);
      worker.on('message', resolve);
      worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => fail(`the reader ended with code ${code}`));
    });
    if (reply.kind === 'facts') return toSupergraph(sdl, JSON.parse(reply.facts) as SupergraphFacts);
    const details = JSON.parse(reply.details) as Record<string, unknown>;
    throw new PorticoError(reply.code, reply.message, { details });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
