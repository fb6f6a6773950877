/** A thread of the planner. In a file of its own, to be started before anything else is loaded. */
export const PLAN_THREAD = {
  entry: new URL('./planWorker.js', import.meta.url),
  name: 'portico-planner',
  /** Unless the options of the planner say otherwise, MB. */
  heapMb: 1_024,
};
