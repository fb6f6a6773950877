import { startAccounts } from './accounts/server.js';
import { startInventory } from './inventory/server.js';
import { startProducts } from './products/server.js';
import { startReviews } from './reviews/server.js';
import type { RunningSubgraph, StartOptions } from './serveSubgraph.js';
import { startShipping } from './shipping/server.js';

const starters = {
  accounts: startAccounts,
  products: startProducts,
  reviews: startReviews,
  inventory: startInventory,
  shipping: startShipping,
};

/** Where they are in schema/supergraph.graphql, all on 127.0.0.1. */
const ports: Readonly<Record<SubgraphName, number>> = {
  accounts: 4001,
  products: 4002,
  reviews: 4003,
  inventory: 4004,
  shipping: 4005,
};

export type SubgraphName = keyof typeof starters;

export interface RunningSubgraphs {
  readonly urls: Readonly<Record<SubgraphName, string>>;
  /** Stops one that runs, or starts it again where it was. Gives whether it runs now. */
  toggle(name: SubgraphName): Promise<boolean>;
  close(): Promise<void>;
}

/** The demo's supergraph with its services where they run. */
export function movedTo(urls: RunningSubgraphs['urls'], supergraphSdl: string): string {
  const byPort = new Map(Object.entries(ports).map(([name, port]) => [String(port), urls[name as SubgraphName]]));
  return supergraphSdl.replaceAll(/127\.0\.0\.1:(\d+)/g, (place, port: string) => {
    const url = byPort.get(port);
    return url === undefined ? place : new URL(url).host;
  });
}

/** Starts all five. When one cannot start (its port is taken) the others are stopped again. `{ port: 0 }`: any free ports. */
export async function startSubgraphs(options: StartOptions = {}): Promise<RunningSubgraphs> {
  const names = Object.keys(starters) as SubgraphName[];
  const running = new Map<SubgraphName, RunningSubgraph>();
  const close = async () => {
    await Promise.all([...running.values()].map((subgraph) => subgraph.close()));
  };
  const start = async (name: SubgraphName, startOptions: StartOptions) => {
    running.set(name, await starters[name](startOptions));
  };
  const results = await Promise.allSettled(names.map((name) => start(name, options)));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    await close();
    throw failure.reason;
  }
  const urls = Object.fromEntries(names.map((name) => [name, running.get(name)!.url])) as Record<SubgraphName, string>;
  return {
    urls,
    close,
    async toggle(name) {
      const subgraph = running.get(name);
      if (subgraph === undefined) {
        await start(name, { ...options, port: Number(new URL(urls[name]).port) });
        return true;
      }
      running.delete(name);
      await subgraph.close();
      return false;
    },
  };
}
