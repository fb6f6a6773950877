import { Supergraph as ApolloSupergraph } from '@apollo/federation-internals';

import { PorticoError } from '../../base/errors/PorticoError.js';

/**
 * The subgraphs that a supergraph was composed of, as far as it still says: their part of the graph, without descriptions of who wrote what.
 * For tests, which have somebody else play them.
 *
 * Throws SUPERGRAPH_INVALID.
 */
export function extractSubgraphs(
  supergraphSdl: string,
): ReadonlyArray<{ readonly name: string; readonly url: string; readonly sdl: string }> {
  try {
    const supergraph = ApolloSupergraph.build(supergraphSdl, { supportedFeatures: null, validateSupergraph: false });
    return supergraph
      .subgraphs()
      .values()
      .map((subgraph) => ({ name: subgraph.name, url: subgraph.url, sdl: subgraph.toString() }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PorticoError('SUPERGRAPH_INVALID', `The supergraph cannot be taken apart: ${why}`, { cause: error });
  }
}
