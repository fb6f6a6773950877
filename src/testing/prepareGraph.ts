import { LRUCache } from 'lru-cache';

import { createInlineApolloPlanner } from '../engine/plan/apollo/createInlineApolloPlanner.js';
import type { Plan } from '../engine/plan/nodes.js';
import type { Planner, PlanRequest } from '../engine/plan/Planner.js';
import type { Workshop } from '../gateway/GenerationOptions.js';
import { compose } from '../supergraph/compose/compose.js';
import type { SubgraphSdl } from '../supergraph/compose/compose.js';
import { expandSupergraph } from '../supergraph/compose/expandSupergraph.js';
import type { Supergraph } from '../supergraph/model/Supergraph.js';
import { readSupergraph } from '../supergraph/read/readSupergraph.js';

/** What a process keeps of graphs it has seen: tests of one file mostly share one. */
const MAX_GRAPHS = 100;
const MAX_PLANS = 1000;

const composed = new LRUCache<string, string>({ max: MAX_GRAPHS });
const supergraphs = new LRUCache<string, Supergraph>({ max: MAX_GRAPHS });
const planners = new LRUCache<string, Planner>({ max: MAX_GRAPHS });

/** The supergraph of these subgraphs, composed on this thread; the same texts are composed once. Errors: a CompositionError. */
export function composeOnce(subgraphs: readonly SubgraphSdl[]): string {
  const key = JSON.stringify(subgraphs.map(({ name, url, sdl }) => [name, url, sdl]));
  let sdl = composed.get(key);
  if (sdl === undefined) composed.set(key, (sdl = compose(subgraphs).supergraphSdl));
  return sdl;
}

/**
 * Reads and plans on this thread, and keeps both by content: the second gateway over equal subgraphs starts in milliseconds.
 *
 * @param onPlan told of each plan that the gateway asks for; it asks once, whatever this process has planned before
 */
export function createWorkshop(onPlan: (request: PlanRequest, plan: Plan) => void): Workshop {
  return {
    expand: async (sdl) => expandSupergraph(sdl),
    read: async (sdl) => {
      let supergraph = supergraphs.get(sdl);
      if (supergraph === undefined) supergraphs.set(sdl, (supergraph = readSupergraph(sdl)));
      // Generations are told apart by their schema object, and each gateway has its own: they may share it.
      return supergraph;
    },
    createPlanner: (sdl) => {
      let planner = planners.get(sdl);
      if (planner === undefined)
        planners.set(sdl, (planner = rememberPlans(createInlineApolloPlanner({ supergraphSdl: sdl }))));
      const known = planner;
      return {
        plan: async (request, lifetime) => {
          const plan = await known.plan(request, lifetime);
          onPlan(request, plan);
          return plan;
        },
        close: () => Promise.resolve(),
      };
    },
  };
}

/** Equal for requests that have the same plan. */
export function planKey({ text, labels }: PlanRequest): string {
  return [text, ...labels].join('\n');
}

function rememberPlans(planner: Planner): Planner {
  const plans = new LRUCache<string, Plan>({ max: MAX_PLANS });
  return {
    async plan(request, lifetime) {
      const key = planKey(request);
      let plan = plans.get(key);
      if (plan === undefined) plans.set(key, (plan = await planner.plan(request, lifetime)));
      return plan;
    },
    close: () => planner.close(),
  };
}
