import { Supergraph, operationFromDocument } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';

import { joinPrefix } from '../../../supergraph/read/links.js';
import type { Plan } from '../nodes.js';
import type { PlanRequest } from '../Planner.js';
import { ExactLiterals } from './ExactLiterals.js';
import { FetchWriter } from './FetchWriter.js';
import { findUnplanned } from './findUnplanned.js';
import { guardChained } from './guardChained.js';
import { guardContexts } from './guardContexts.js';
import { guardDeferred } from './guardDeferred.js';
import { guardExternal } from './guardExternal.js';
import { guardKeys } from './guardKeys.js';
import { guardPlaced } from './guardPlaced.js';
import { guardRequires } from './guardRequires.js';
import { patchFetchGroup } from './patchFetchGroup.js';
import { translatePlan } from './translatePlan.js';

/** Plans on the calling thread; throws what Apollo's planner throws. */
export type Planning = (request: PlanRequest) => Plan;

/**
 * Builds Apollo's planner over a copy of the supergraph in which its known defects cannot show (guards `keys`, `req`, `external`, `chained`,
 * `placed`, `deferred` and `contexts`); what it does to literals is undone (guard `literals`).
 *
 * The copy is never validated (a synthetic field leaves `@external` ones unused) and never shown: the reader has validated the
 * original and decided about its features. Slow: seconds for a large graph.
 */
export function createPlanning(supergraphSdl: string): Planning {
  guardExternal();
  patchFetchGroup([guardChained, guardPlaced, guardDeferred, guardContexts]);
  const original = parse(supergraphSdl, { noLocation: true });
  const prefix = joinPrefix(original);
  const guarded = guardRequires(guardKeys(original, prefix), prefix);
  const supergraph = Supergraph.build(guarded.document, { supportedFeatures: null, validateSupergraph: false });
  const schema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, {
    incrementalDelivery: { enableDefer: true },
    // Fragments cost planning time and the subgraphs' answers are the same.
    reuseQueryFragments: false,
  });
  const writer = new FetchWriter(guarded);
  return ({ text, labels }) => {
    const document = parse(text, { noLocation: true });
    const operation = operationFromDocument(schema, document, { validate: false });
    const overrideConditions = new Map(labels.map((label) => [label, true]));
    const node = translatePlan(
      planner.buildQueryPlan(operation, { overrideConditions }),
      ExactLiterals.around(writer, document),
    );
    return { node, unplanned: findUnplanned(document, node, schema) };
  };
}
