/**
 * The demo: `npm start`. Starts the four services of subgraphs/ and, in a process of its own, the gateway in front of them, from source.
 * Further arguments go to `portico start`. Ctrl-C stops everything.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { startSubgraphs } from '../subgraphs/startSubgraphs.js';

const root = join(import.meta.dirname, '..');
const subgraphs = await startSubgraphs();
for (const [name, url] of Object.entries(subgraphs.urls)) console.log(`${name.padEnd(10)} ${url}`);

const gateway = spawn(
  process.execPath,
  [
    ...['--import', 'tsx', join(root, 'src/cli/main.ts')],
    ...['start', '--supergraph', join(root, 'schema/supergraph.graphql'), ...process.argv.slice(2)],
  ],
  { stdio: 'inherit' },
);

// A terminal sends Ctrl-C to the gateway as well; whoever else stops us means both.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => gateway.kill('SIGTERM'));

gateway.once('exit', (code) => {
  process.exitCode = code ?? 0;
  void subgraphs.close();
});
