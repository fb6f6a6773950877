import type { Planner, PlanRequest } from '../engine/plan/Planner.js';
import { readWarmupFile } from '../engine/plan/warmupFile.js';
import { Lifetime } from '../base/kit/Lifetime.js';
import { notices } from '../base/telemetry/channels.js';

/** A new supergraph is not held back longer than this by its warm-up. */
const WARM_MS = 10_000;

/** Plans what is likely to be asked. An operation that does not fit the new supergraph fails here instead of later, and nobody notices. */
export async function warm(planner: Planner, requests: readonly PlanRequest[], count: number): Promise<void> {
  if (requests.length === 0) return;
  const lifetime = new Lifetime(WARM_MS);
  await Promise.allSettled(requests.slice(0, count).map((request) => planner.plan(request, lifetime)));
  lifetime.close();
}

/** What a former process was asked most; nothing when there is no file, or none that can be read. */
export async function keptOperations(warmupFile: string | undefined): Promise<readonly PlanRequest[]> {
  if (warmupFile === undefined) return [];
  return readWarmupFile(warmupFile, (message) => notices.publish({ level: 'warn', message }));
}
