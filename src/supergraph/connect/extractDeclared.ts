import { Kind, parse, print } from 'graphql';
import type { DocumentNode } from 'graphql';

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
    if (!subgraph.url.startsWith(CONNECTOR_URL)) {
      const sdl = print(withoutMissingRoots(parse(subgraph.sdl, { noLocation: true })));
      declared.push({ ...subgraph, sdl, isRest: false });
    } else connectors.set(subgraph.url, [...(connectors.get(subgraph.url) ?? []), subgraph]);
  }
  for (const [url, parts] of connectors) {
    const documents = parts.map((part) => parse(part.sdl, { noLocation: true }));
    const sdl = print(withoutMissingRoots(joinConnectors(documents)));
    declared.push({ name: decodeURIComponent(url.slice(CONNECTOR_URL.length)), url, sdl, isRest: true });
  }
  return declared;
}

/** A subgraph that only adds to entities has a root type for that in its supergraph, and none in its SDL. */
function withoutMissingRoots({ kind, definitions }: DocumentNode): DocumentNode {
  const names = new Set(
    definitions.flatMap((node) => ('name' in node && node.name !== undefined ? node.name.value : [])),
  );
  return {
    kind,
    definitions: definitions.map((node) => {
      if (node.kind !== Kind.SCHEMA_DEFINITION) return node;
      const operationTypes = node.operationTypes.filter(({ type }) => names.has(type.name.value));
      return operationTypes.length > 0
        ? { ...node, operationTypes }
        : { ...node, kind: Kind.SCHEMA_EXTENSION, operationTypes };
    }),
  };
}
