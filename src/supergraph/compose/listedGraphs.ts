import { declaringSubgraph } from '../model/connectorUrl.js';

/** The values of `join__Graph`, as every composer writes them. */
const GRAPH = /\b(\w+)\s*@join__graph\(\s*name:\s*"((?:[^"\\]|\\.)*)",?\s*url:\s*"((?:[^"\\]|\\.)*)"/g;

/** A subgraph as a supergraph lists it. */
export interface ListedGraph {
  /** What `join__…` directives call it. */
  readonly value: string;
  readonly name: string;
  /** Whose connector it is; undefined for any other subgraph. */
  readonly declaredBy: string | undefined;
}

/** The subgraphs of a supergraph, in its order. By its text: nothing is parsed. */
export function listedGraphs(supergraphSdl: string): readonly ListedGraph[] {
  return [...supergraphSdl.matchAll(GRAPH)].map(([, value = '', name = '', url = '']) => ({
    value,
    name,
    declaredBy: declaringSubgraph(url),
  }));
}

/** The supergraph with other routing URLs for some of its subgraphs, by name. */
export function replaceUrls(supergraphSdl: string, urls: ReadonlyMap<string, string>): string {
  return supergraphSdl.replace(GRAPH, (all: string, _value: string, name: string, before: string) => {
    const url = urls.get(name);
    // It ends with the URL in its quotation marks.
    return url === undefined ? all : all.slice(0, -(before.length + 2)) + JSON.stringify(url);
  });
}
