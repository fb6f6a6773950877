import { linksConnectors } from '../../base/config/linksConnectors.js';
import { CONNECTOR_URL } from '../read/readConnectors.js';

const GRAPH = /\b(\w+)\s*@join__graph\(\s*name:\s*"((?:[^"\\]|\\.)*)",?\s*url:\s*"((?:[^"\\]|\\.)*)"/g;
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
  const own = graphsOf(supergraphSdl).flatMap(({ declaredBy }) => declaredBy ?? []);
  return new Set([...own, ...foreignGraphs(supergraphSdl).map(({ name }) => name)]);
}

interface Graph {
  readonly value: string;
  readonly name: string;
  readonly declaredBy: string | undefined;
}

function foreignGraphs(supergraphSdl: string): readonly Graph[] {
  const carrying = new Set(
    [...supergraphSdl.matchAll(CARRIED)].flatMap(([, graphs = '']) =>
      graphs.split(/[\s,]+/).filter((each) => each !== ''),
    ),
  );
  return graphsOf(supergraphSdl).filter(({ value, declaredBy }) => declaredBy === undefined && carrying.has(value));
}

function graphsOf(supergraphSdl: string): readonly Graph[] {
  return [...supergraphSdl.matchAll(GRAPH)].map(([, value = '', name = '', url = '']) => ({
    value,
    name,
    declaredBy: url.startsWith(CONNECTOR_URL) ? decodeURIComponent(url.slice(CONNECTOR_URL.length)) : undefined,
  }));
}
