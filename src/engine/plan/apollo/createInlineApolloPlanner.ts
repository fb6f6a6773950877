import type { Planner } from '../Planner.js';
import { createPlanning } from './createPlanning.js';
import type { Planning } from './createPlanning.js';
import { planningFailed } from './planningFailed.js';
import { messageOf } from '../../../base/kit/messageOf.js';

/**
 * Apollo's planner on the calling thread, without a deadline: for tests, the test kit and the command line. Built at the first plan.
 *
 * A serving process uses `createApolloPlanner`: planning can take seconds.
 */
export function createInlineApolloPlanner({ supergraphSdl }: { readonly supergraphSdl: string }): Planner {
  let planning: Planning | undefined;
  return {
    plan: async (request) => {
      try {
        planning ??= createPlanning(supergraphSdl);
        return planning(request);
      } catch (error) {
        throw planningFailed(messageOf(error), error);
      }
    },
    close: () => Promise.resolve(),
  };
}
