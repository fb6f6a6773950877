import { mockSubgraph } from '../mocks/mockSubgraph.js';
import { extractDeclared } from '../supergraph/connect/extractDeclared.js';
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
  const parts = new Map(extractDeclared(supergraph).map((part) => [part.name, part]));
  const unknown = Object.keys(subgraphs).filter((name) => !parts.has(name));
  if (unknown.length > 0) {
    throw new Error(`The supergraph has no subgraph ${unknown.join(', ')}, only ${[...parts.keys()].join(', ')}`);
  }
  const all = [...parts.values()].map(({ name, sdl }) => [name, subgraphs[name] ?? mockSubgraph(sdl)] as const);
  const open = await openSubgraphs(Object.fromEntries(all), world, (name) => parts.get(name)?.isRest);
  const placed = open.map((subgraph): OpenSubgraph => {
    const { url, sdl, isRest } = parts.get(subgraph.name)!;
    // A running service is where the test says; the others keep the name that errors call them by.
    const keepsName = subgraph.answer !== undefined && !isRest;
    return { ...subgraph, url: keepsName ? url : subgraph.url, sdl: subgraph.sdl === '' ? sdl : subgraph.sdl };
  });
  return { supergraphSdl: supergraph, subgraphs: placed };
}
