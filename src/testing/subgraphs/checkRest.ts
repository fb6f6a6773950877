import { PorticoError } from '../../base/errors/PorticoError.js';
import { linksConnectors } from '../../base/config/linksConnectors.js';
import type { RestSubgraph } from './restSubgraph.js';
import type { ObservedSubgraph, TestSubgraph } from './TestSubgraph.js';

type Given = Exclude<TestSubgraph, ObservedSubgraph>;

/** What can stand for a REST service. */
const INSTEAD = 'give restSubgraph({ typeDefs, routes }) to answer its requests, or its SDL alone to have it mocked';

/**
 * Holds what a test gives against what the subgraph is.
 *
 * @param declared whether a supergraph has it as a REST service; absent where its own SDL says so
 * Errors: CONFIG_INVALID for connectors that nothing could answer, and for routes that nothing would ask.
 */
export function checkRest(name: string, subgraph: Given, declared?: boolean): void {
  const isRest = declared ?? linksConnectors(sdlIn(subgraph) ?? '');
  const why = isRest ? unanswered(subgraph) : unasked(subgraph);
  if (why !== undefined) throw new PorticoError('CONFIG_INVALID', `Subgraph "${name}" ${why}`);
}

export function isRestSubgraph(subgraph: Given): subgraph is RestSubgraph {
  return typeof subgraph === 'object' && 'kind' in subgraph && subgraph.kind === 'rest';
}

function unanswered(subgraph: Given): string | undefined {
  if (typeof subgraph === 'string' || 'kind' in subgraph) return undefined;
  if ('url' in subgraph) {
    return `is a REST service: its connectors (@connect) say where requests go, and a url is not asked; ${INSTEAD}`;
  }
  if ('resolvers' in subgraph && subgraph.resolvers !== undefined) {
    return `is a REST service (@connect), which resolvers do not answer; ${INSTEAD}, with mockSubgraph({ typeDefs, resolvers }) for single fields`;
  }
  return undefined;
}

function unasked(subgraph: Given): string | undefined {
  if (!isRestSubgraph(subgraph) || subgraph.definition !== undefined) return undefined;
  return subgraph.typeDefs === undefined
    ? 'is a restSubgraph without typeDefs: they may only be left out where a supergraph has its connectors'
    : 'is a restSubgraph, but has no connectors (@connect) that would ask its routes';
}

function sdlIn(subgraph: Given): string | undefined {
  if (typeof subgraph === 'string') return subgraph;
  return 'typeDefs' in subgraph && typeof subgraph.typeDefs === 'string' ? subgraph.typeDefs : undefined;
}
