import { parentPort, workerData } from 'node:worker_threads';

/** In a thread: the data that it was started with, or that a thread which was started early (`prestartWorker`) is handed. */
export function workerInput<Data>(): Promise<Data> {
  if (workerData !== undefined && workerData !== null) return Promise.resolve(workerData as Data);
  return new Promise((resolve) => parentPort!.once('message', resolve));
}
