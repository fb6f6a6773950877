import { parse, print } from 'graphql';

import { extractSubgraphs } from '../read/extractSubgraphs.js';
import type { ExtractedSubgraph } from '../read/extractSubgraphs.js';
import { CONNECTOR_URL } from '../read/readConnectors.js';
import { joinConnectors } from './joinConnectors.js';

/** A subgraph as its owner knows it. */
export interface DeclaredSubgraph extends ExtractedSubgraph {
  /** Whether it is a REST service: its SDL is then what a GraphQL server would have in its place, and its URL is no address. */
  readonly isRest: boolean;
}

/** As `extractSubgraphs`, but what connectors a subgraph declares is again one subgraph, of the name that settings know. */
export function extractDeclared(supergraphSdl: string): readonly DeclaredSubgraph[] {
  const declared: DeclaredSubgraph[] = [];
  const connectors = new Map<string, ExtractedSubgraph[]>();
  for (const subgraph of extractSubgraphs(supergraphSdl)) {
    if (!subgraph.url.startsWith(CONNECTOR_URL)) declared.push({ ...subgraph, isRest: false });
    else connectors.set(subgraph.url, [...(connectors.get(subgraph.url) ?? []), subgraph]);
  }
  for (const [url, parts] of connectors) {
    const sdl = print(joinConnectors(parts.map((part) => parse(part.sdl, { noLocation: true }))));
    declared.push({ name: decodeURIComponent(url.slice(CONNECTOR_URL.length)), url, sdl, isRest: true });
  }
  return declared;
}
