import { startAccounts } from './accounts/server.js';
import { startInventory } from './inventory/server.js';
import { startProducts } from './products/server.js';
import { startReviews } from './reviews/server.js';
import type { RunningSubgraph, StartOptions } from './serveSubgraph.js';

const starters = { accounts: startAccounts, products: startProducts, reviews: startReviews, inventory: startInventory };

export type SubgraphName = keyof typeof starters;

export interface RunningSubgraphs {
  readonly urls: Readonly<Record<SubgraphName, string>>;
  close(): Promise<void>;
}

/** Starts all four. When one cannot start (its port is taken) the others are stopped again. `{ port: 0 }`: any free ports. */
export async function startSubgraphs(options: StartOptions = {}): Promise<RunningSubgraphs> {
  const names = Object.keys(starters) as SubgraphName[];
  const results = await Promise.allSettled(names.map((name) => starters[name](options)));
  const running = results.flatMap((result): RunningSubgraph[] => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async () => {
    await Promise.all(running.map((subgraph) => subgraph.close()));
  };
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await close();
    throw failure.reason;
  }
  const urls = Object.fromEntries(names.map((name, at) => [name, running[at]!.url])) as Record<SubgraphName, string>;
  return { urls, close };
}
