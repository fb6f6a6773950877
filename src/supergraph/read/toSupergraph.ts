import { buildASTSchema, parse } from 'graphql';

import type { Supergraph } from '../model/Supergraph.js';
import type { SupergraphFacts } from './examineSupergraph.js';

/** The part that must happen on the thread that uses the schema. In a file of its own: it loads none of Apollo's libraries. */
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
    fallbacks: facts.fallbacks,
    owners: new Map(facts.owners),
    rateLimits: new Map(facts.rateLimits),
    connectors: new Map(facts.connectors.map((connector) => [connector.graph, connector])),
    fieldTypes: new Map(facts.fieldTypes.map(([type, fields]) => [type, new Map(fields)])),
    inputDefaults: new Map(facts.inputDefaults),
    costs: { weights: new Map(facts.costs.weights), listSizes: new Map(facts.costs.listSizes) },
    askable: new Map(facts.askable),
    access: { demands: new Map(facts.access), inputs: new Map(facts.inputs) },
  };
}
