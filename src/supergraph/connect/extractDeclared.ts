import { parse, print } from 'graphql';

import { extractSubgraphs } from '../read/extractSubgraphs.js';
import type { ExtractedSubgraph } from '../read/extractSubgraphs.js';
import { connectorUrl, declaringSubgraph } from '../model/connectorUrl.js';
import { joinConnectors } from './joinConnectors.js';
import { withoutMissingRoots } from './withoutMissingRoots.js';

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
    const name = declaringSubgraph(subgraph.url);
    if (name === undefined) {
      const sdl = print(withoutMissingRoots(parse(subgraph.sdl, { noLocation: true })));
      declared.push({ ...subgraph, sdl, isRest: false });
    } else connectors.set(name, [...(connectors.get(name) ?? []), subgraph]);
  }
  for (const [name, parts] of connectors) {
    const documents = parts.map((part) => parse(part.sdl, { noLocation: true }));
    const sdl = print(withoutMissingRoots(joinConnectors(documents)));
    declared.push({ name, url: connectorUrl(name), sdl, isRest: true });
  }
  return declared;
}
