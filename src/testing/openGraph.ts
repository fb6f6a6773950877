import { mockSubgraph } from '../mocks/mockSubgraph.js';
import { extractSubgraphs } from '../supergraph/read/extractSubgraphs.js';
import { composeOnce } from './prepareGraph.js';
import { openSubgraphs } from './subgraphs/openSubgraphs.js';
import type { OpenSubgraph } from './subgraphs/openSubgraphs.js';
import type { TestGatewayOptions } from './TestGateway.js';

export interface OpenGraph {
  readonly supergraphSdl: string;
  readonly subgraphs: readonly OpenSubgraph[];
}

/** The graph of a test gateway: composed of its subgraphs, or given, with its subgraphs mocked. Errors: see createTestGateway. */
export async function openGraph({ subgraphs = {}, supergraph, seed, mocks }: TestGatewayOptions): Promise<OpenGraph> {
  const world = { ...mocks, ...(seed !== undefined && { seed }) };
  if (supergraph === undefined) {
    const open = await openSubgraphs(subgraphs, world);
    return { supergraphSdl: composeOnce(open), subgraphs: open };
  }
  const parts = extractSubgraphs(supergraph);
  const unknown = Object.keys(subgraphs).filter((name) => parts.every((part) => part.name !== name));
  if (unknown.length > 0) {
    throw new Error(
      `The supergraph has no subgraph ${unknown.join(', ')}, only ${parts.map(({ name }) => name).join(', ')}`,
    );
  }
  const all = Object.fromEntries(parts.map(({ name, sdl }) => [name, subgraphs[name] ?? mockSubgraph(sdl)]));
  const open = await openSubgraphs(all, world);
  const urls = new Map(parts.map(({ name, url }) => [name, url]));
  // A running service is where the test says; the others keep the name that errors call them by.
  const at = (subgraph: OpenSubgraph) => (subgraph.answer === undefined ? subgraph.url : urls.get(subgraph.name)!);
  return { supergraphSdl: supergraph, subgraphs: open.map((subgraph) => ({ ...subgraph, url: at(subgraph) })) };
}
