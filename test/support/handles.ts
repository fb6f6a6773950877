/** Its pipes, and its turns of the event loop. */
const RUNNERS = new Set(['PipeWrap', 'TTYWrap', 'Immediate']);

/** What keeps the process alive, or would: timers, sockets, workers; without what belongs to the test runner. By kind, how many. */
export function activeResources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (!RUNNERS.has(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
