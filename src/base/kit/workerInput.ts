import { workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

/** What a thread is started with when there is no data for it yet. */
export interface PrestartedData {
  readonly prestarted: MessagePort;
}

/** In a thread: the data that it was started with, or that a thread which was started early (`prestartWorker`) is handed. */
export function workerInput<Data>(): Promise<Data> {
  const { prestarted: port } = Object(workerData) as Partial<PrestartedData>;
  if (port === undefined) return Promise.resolve(workerData as Data);
  return new Promise((resolve) => {
    port.once('message', (data: Data) => {
      port.close();
      resolve(data);
    });
    port.postMessage('loaded');
  });
}
