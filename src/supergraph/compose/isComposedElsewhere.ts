import { linksConnectors } from '../../base/config/linksConnectors.js';
import { listedGraphs } from './listedGraphs.js';
import type { ListedGraph } from './listedGraphs.js';

const CARRIED = /@join__directive\(\s*graphs:\s*\[([^\]]*)\]/g;

/**
 * Whether a supergraph may have connectors that another tool composed. By its text: what Portico composes is told apart without parsing,
 * since only graphs that are a connector each carry directives there.
 */
export function isComposedElsewhere(supergraphSdl: string): boolean {
  return linksConnectors(supergraphSdl) && foreignGraphs(supergraphSdl).length > 0;
}

/** Names of the subgraphs that declare connectors, whoever composed the supergraph. By its text. */
export function restSubgraphNames(supergraphSdl: string): ReadonlySet<string> {
  if (!linksConnectors(supergraphSdl)) return new Set();
  const own = listedGraphs(supergraphSdl).flatMap(({ declaredBy }) => declaredBy ?? []);
  return new Set([...own, ...foreignGraphs(supergraphSdl).map(({ name }) => name)]);
}

function foreignGraphs(supergraphSdl: string): readonly ListedGraph[] {
  const carrying = new Set(
    [...supergraphSdl.matchAll(CARRIED)].flatMap(([, graphs = '']) =>
      graphs.split(/[\s,]+/).filter((each) => each !== ''),
    ),
  );
  return listedGraphs(supergraphSdl).filter(({ value, declaredBy }) => declaredBy === undefined && carrying.has(value));
}
