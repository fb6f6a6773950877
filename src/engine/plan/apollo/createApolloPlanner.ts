import { PlannerPool } from './PlannerPool.js';
import { PLAN_THREAD } from './planThreadStart.js';
import type { PlanWorkerData } from './planWorker.js';

export interface ApolloPlannerOptions {
  readonly supergraphSdl: string;
  /** Plans made at the same time, each on a thread of its own; one more thread is kept ready. Default 2. */
  readonly workers?: number;
  /** How long one plan may take, ms (`query_planner.timeout`). Default 5,000: shorter than a request may take, so that the client learns the cause. */
  readonly timeoutMs?: number;
  /** Operations that may wait for a thread. Default 512. */
  readonly maxQueue?: number;
  /** Heap of one thread, MB. Default 1,024. */
  readonly heapMb?: number;
  /** Milliseconds on a steady clock; for tests. */
  readonly now?: () => number;
  /** For tests: see PlanWorkerData. */
  readonly trap?: PlanWorkerData['trap'];
}

/**
 * Apollo's planner in worker threads: a plan that overruns or crashes costs a thread and nothing else, and the event loop never plans.
 *
 * Nothing runs before the first plan or `warm()`. Without a cache: see PlanCache.
 */
export function createApolloPlanner(options: ApolloPlannerOptions): PlannerPool {
  const {
    supergraphSdl,
    workers = 2,
    timeoutMs = 5_000,
    maxQueue = 512,
    heapMb = PLAN_THREAD.heapMb,
    now,
    trap,
  } = options;
  return new PlannerPool({
    data: { supergraphSdl, trap },
    workers,
    timeoutMs,
    maxQueue,
    heapMb,
    now: now ?? (() => performance.now()),
  });
}
