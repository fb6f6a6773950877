import { buildASTSchema, parse } from 'graphql';

import type { Supergraph } from '../model/Supergraph.js';
import { examineSupergraph } from './examineSupergraph.js';
import type { SupergraphFacts } from './examineSupergraph.js';

/**
 * Reads a supergraph on this thread. For tests and the command line; a serving process uses `readSupergraphInWorker`.
 *
 * Throws a PorticoError: SUPERGRAPH_INVALID, or SUPERGRAPH_FEATURE_UNSUPPORTED when it relies on something this gateway would not do.
 */
export function readSupergraph(sdl: string): Supergraph {
  return toSupergraph(sdl, examineSupergraph(sdl));
}

/** The part that must happen on the thread that uses the schema. */
export function toSupergraph(sdl: string, facts: SupergraphFacts): Supergraph {
  return {
    id: facts.id,
    sdl,
    apiSchema: buildASTSchema(parse(facts.apiSdl, { noLocation: true }), { assumeValid: true, assumeValidSDL: true }),
    subgraphs: new Map(facts.subgraphs.map((subgraph) => [subgraph.name, subgraph])),
    overrideLabels: new Map(facts.overrideLabels),
    hiddenOverrideLabels: facts.hiddenOverrideLabels,
    possibleTypes: new Map(facts.possibleTypes.map(([abstract, names]) => [abstract, new Set(names)])),
    objectTypes: new Set(facts.objectTypes),
  };
}
