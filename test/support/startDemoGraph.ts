import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { formatProblem } from '../../src/base/config/ConfigProblem.js';
import { loadConfig } from '../../src/base/config/loadConfig.js';
import { createConfiguredServer } from '../../src/cli/process/configuredServer.js';
import { splitExamples } from '../../src/edge/http/playground/splitExamples.js';
import { demoIdentities } from '../../subgraphs/demoIdentities.js';
import type { DemoIdentities } from '../../subgraphs/demoIdentities.js';
import { movedTo, startSubgraphs } from '../../subgraphs/startSubgraphs.js';
import type { RunningSubgraphs } from '../../subgraphs/startSubgraphs.js';

export interface DemoGraph {
  readonly origin: string;
  readonly url: string;
  readonly subgraphs: RunningSubgraphs;
  /** Who may ask, and with what. */
  readonly identities: DemoIdentities;
  /** The tabs of its playground. */
  readonly examples: readonly string[];
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');

/** What `npm start` runs, in this process and on free ports. */
export async function startDemoGraph(): Promise<DemoGraph> {
  const identities = await demoIdentities();
  const subgraphs = await startSubgraphs({ port: 0 });
  const { environment } = identities;
  const { loaded, problems } = loadConfig({ file: join(root, 'subgraphs/demo.yaml'), environment });
  if (loaded === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  const committed = await readFile(loaded.config.supergraph.file!, 'utf8');
  const source = { initialize: () => Promise.resolve({ supergraphSdl: movedTo(subgraphs.urls, committed) }) };
  const { server, http } = await createConfiguredServer(loaded, source);
  await server.start();
  const { origin } = await http.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    url: `${origin}${loaded.config.server.path}`,
    subgraphs,
    identities,
    examples: splitExamples(await readFile(loaded.config.playground.examples!, 'utf8')),
    async close() {
      await http.close(1000);
      await server.stop();
      await subgraphs.close();
      await identities.close();
    },
  };
}
