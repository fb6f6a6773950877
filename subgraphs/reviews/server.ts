import { serveSubgraph } from '../serveSubgraph.js';
import type { RunningSubgraph, StartOptions } from '../serveSubgraph.js';
import { createContext } from './context.js';
import { resolvers } from './resolvers.js';
import { ReviewStore } from './ReviewStore.js';

/** What users write about products. Reviews that are added live as long as the process. */
export function startReviews({ port = 4003, host }: StartOptions = {}): Promise<RunningSubgraph> {
  const store = new ReviewStore();
  return serveSubgraph({
    directory: import.meta.dirname,
    resolvers,
    createContext: () => createContext(store),
    port,
    host,
  });
}
