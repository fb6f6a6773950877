import { startWorker } from './startWorker.js';
import type { WorkerStart } from './startWorker.js';
import { messageOf } from './messageOf.js';

export interface AskWorkerOptions {
  /** In milliseconds; the thread is ended then. */
  readonly timeoutMs: number;
  /** Ends it early: it is then a thread that ended without an answer. */
  readonly signal?: AbortSignal | undefined;
  /** What is rejected with when there is no answer. @param why what became of the thread */
  readonly unanswered: (why: string) => Error;
}

/**
 * The one message of a thread that is started for it and ended with it.
 *
 * Rejects with `unanswered` when the thread takes too long, dies or ends without a word.
 */
export async function askWorker<Reply>(
  start: WorkerStart,
  { timeoutMs, signal, unanswered }: AskWorkerOptions,
): Promise<Reply> {
  const worker = startWorker(start);
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    return await new Promise<Reply>((resolve, reject) => {
      const fail = (why: string): void => reject(unanswered(why));
      timer = setTimeout(() => fail(`it took longer than ${timeoutMs} ms`), timeoutMs);
      worker.on('message', resolve);
      worker.on('error', (error) => fail(messageOf(error)));
      worker.on('exit', (code) => fail(`the thread ended with code ${code}`));
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
