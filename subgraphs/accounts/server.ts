import { serveSubgraph } from '../serveSubgraph.js';
import type { RunningSubgraph, StartOptions } from '../serveSubgraph.js';
import { createContext } from './context.js';
import { resolvers } from './resolvers.js';

/** Users and what is known about them. */
export function startAccounts({ port = 4001, host }: StartOptions = {}): Promise<RunningSubgraph> {
  return serveSubgraph({ directory: import.meta.dirname, resolvers, createContext, port, host });
}
