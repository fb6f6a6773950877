import { prestartWorker } from '../../base/kit/startWorker.js';
import { PLAN_THREAD } from '../../engine/plan/apollo/planThreadStart.js';
import { READ_THREAD } from '../../supergraph/read/readThread.js';

/**
 * The threads that a start waits for load Apollo's libraries while the serving process loads everything else. One after the other: where
 * there are two cores, the serving process has the first for itself.
 */
export async function prestartThreads(): Promise<void> {
  await prestartWorker(PLAN_THREAD);
  await prestartWorker(READ_THREAD);
}
