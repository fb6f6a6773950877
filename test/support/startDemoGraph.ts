import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { splitExamples } from '../../src/edge/http/playground/splitExamples.js';
import { createGateway } from '../../src/gateway/createGateway.js';
import { movedTo, startSubgraphs } from '../../subgraphs/startSubgraphs.js';
import type { RunningSubgraphs } from '../../subgraphs/startSubgraphs.js';
import { startEdge } from './startEdge.js';

export interface DemoGraph {
  readonly origin: string;
  readonly url: string;
  readonly subgraphs: RunningSubgraphs;
  /** The tabs of its playground. */
  readonly examples: readonly string[];
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');

/** What `npm start` runs, in this process and on free ports. */
export async function startDemoGraph(): Promise<DemoGraph> {
  const subgraphs = await startSubgraphs({ port: 0 });
  const committed = await readFile(join(root, 'schema/supergraph.graphql'), 'utf8');
  const supergraphSdl = movedTo(subgraphs.urls, committed);
  const examples = splitExamples(await readFile(join(root, 'subgraphs/examples.graphql'), 'utf8'));
  const edge = await startEdge({
    gateway: createGateway({ supergraphSdl, queryPlanner: { expose: true }, introspection: true }),
    introspection: true,
    playground: { examples },
  });
  return {
    origin: new URL(edge.url).origin,
    url: edge.url,
    subgraphs,
    examples,
    async close() {
      await edge.close();
      await subgraphs.close();
    },
  };
}
