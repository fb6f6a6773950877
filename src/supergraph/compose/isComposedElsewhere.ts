import { linksConnectors } from '../../base/config/linksConnectors.js';

const GRAPH = /\b(\w+)\s*@join__graph\(\s*name:\s*"(?:[^"\\]|\\.)*",?\s*url:\s*"connector:/g;
const CARRIED = /@join__directive\(\s*graphs:\s*\[([^\]]*)\]/g;

/**
 * Whether a supergraph may have connectors that another tool composed. By its text: what Portico composes is told apart without parsing,
 * since only graphs that are a connector each carry directives there.
 */
export function isComposedElsewhere(supergraphSdl: string): boolean {
  if (!linksConnectors(supergraphSdl)) return false;
  const own = new Set([...supergraphSdl.matchAll(GRAPH)].map(([, graph]) => graph));
  for (const [, graphs = ''] of supergraphSdl.matchAll(CARRIED)) {
    if (graphs.split(/[\s,]+/).some((graph) => graph !== '' && !own.has(graph))) return true;
  }
  return false;
}
