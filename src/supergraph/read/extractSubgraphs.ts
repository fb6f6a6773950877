import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph as ApolloSupergraph } from '@apollo/federation-internals';

import { PorticoError } from '../../base/errors/PorticoError.js';
import { messageOf } from '../../base/kit/messageOf.js';

/** The SDL of a subgraph as a supergraph remembers it: everything that planning needs, without descriptions. */
export interface ExtractedSubgraph {
  readonly name: string;
  /** Its routing URL; may be empty. */
  readonly url: string;
  readonly sdl: string;
}

/** The subgraphs of a supergraph, in its order. Synchronous and slow, as `examineSupergraph`. Throws SUPERGRAPH_INVALID. */
export function extractSubgraphs(supergraphSdl: string): readonly ExtractedSubgraph[] {
  try {
    const supergraph = ApolloSupergraph.build(supergraphSdl, {
      supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
      validateSupergraph: true,
    });
    return supergraph
      .subgraphs()
      .values()
      .map((subgraph) => ({ name: subgraph.name, url: subgraph.url, sdl: subgraph.toString() }));
  } catch (error) {
    const why = messageOf(error);
    throw new PorticoError('SUPERGRAPH_INVALID', `The supergraph cannot be loaded: ${why}`, { cause: error });
  }
}
