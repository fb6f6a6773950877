import { serveSubgraph } from '../serveSubgraph.js';
import type { RunningSubgraph, StartOptions } from '../serveSubgraph.js';
import { createContext } from './context.js';
import { resolvers } from './resolvers.js';

/** Where products lie and what sending them costs. */
export function startInventory({ port = 4004, host }: StartOptions = {}): Promise<RunningSubgraph> {
  return serveSubgraph({ directory: import.meta.dirname, resolvers, createContext, port, host });
}
