import { serveSubgraph } from '../serveSubgraph.js';
import type { RunningSubgraph, StartOptions } from '../serveSubgraph.js';
import { createContext } from './context.js';
import { resolvers } from './resolvers.js';

/** The catalogue: products, brands and pictures. */
export function startProducts({ port = 4002, host }: StartOptions = {}): Promise<RunningSubgraph> {
  return serveSubgraph({ directory: import.meta.dirname, resolvers, createContext, port, host });
}
