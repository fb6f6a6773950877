import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadOrder, LoadResult } from './load/generator.js';
import { HelperProcess } from './measure/HelperProcess.js';
import { composeSupergraph } from './supergraph.js';
import type { SubgraphName } from './subgraphs/schemas.js';
import type { SubgraphMessage, SubgraphStats } from './subgraphs/server.js';

/** What every measurement needs around the gateways: subgraphs, the load generator, the supergraph and a scratch folder. */
export interface Lab {
  readonly subgraphs: HelperProcess<SubgraphMessage, SubgraphStats>;
  readonly load: HelperProcess<LoadOrder, LoadResult>;
  readonly ports: Readonly<Record<SubgraphName, number>>;
  /** Path of the supergraph SDL. */
  readonly supergraph: string;
  /** Scratch folder, removed at the end. */
  readonly folder: string;
  close(): Promise<void>;
}

/** Starts the subgraphs and the load generator, both on the processor that the gateways do not use. */
export async function openLab(): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
  const server = await HelperProcess.start<SubgraphMessage, SubgraphStats, { ports: Lab['ports'] }>(
    new URL('subgraphs/server.ts', import.meta.url),
    'rest',
  );
  const load = await HelperProcess.start<LoadOrder, LoadResult>(new URL('load/generator.ts', import.meta.url), 'rest');
  const supergraph = join(folder, 'supergraph.graphql');
  writeFileSync(supergraph, composeSupergraph(server.hello.ports));
  return {
    subgraphs: server.helper,
    load: load.helper,
    ports: server.hello.ports,
    supergraph,
    folder,
    close: async () => {
      await Promise.all([server.helper.stop(), load.helper.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
