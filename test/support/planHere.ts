import type { Planner } from '../../src/engine/plan/Planner.js';
import { createWorkshop } from '../../src/testing/prepareGraph.js';

/**
 * In the place of the modules that plan and read supergraphs in worker threads, for tests that start many gateways and are not about threads:
 * `vi.mock('…/createApolloPlanner.js', () => import('../support/planHere.js'))`, and the same for `readSupergraphInWorker.js`.
 */
const { read, createPlanner } = createWorkshop(() => {});

export const readSupergraphInWorker = read;

export function createApolloPlanner({ supergraphSdl }: { readonly supergraphSdl: string }): Planner {
  return createPlanner(supergraphSdl);
}
