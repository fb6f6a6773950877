import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

import type { OverloadSignals } from './OverloadGuard.js';

const RESOLUTION_MS = 20;

/** This process's own signals. The median of the delays, so that one pause alone says nothing. */
export function processSignals(): OverloadSignals & { close(): void } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  return {
    lagMs() {
      const lag = delays.count === 0 ? 0 : delays.percentile(50) / 1e6 - RESOLUTION_MS;
      delays.reset();
      return Math.max(0, lag);
    },
    heapShare() {
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      return used / limit;
    },
    close: () => void delays.disable(),
  };
}
