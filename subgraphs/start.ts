/** Starts the five demo services on 4001 to 4005 and stops them on Ctrl-C: `npx tsx subgraphs/start.ts`. */
import { startSubgraphs } from './startSubgraphs.js';

const subgraphs = await startSubgraphs();
for (const [name, url] of Object.entries(subgraphs.urls)) console.log(`${name.padEnd(10)} ${url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void subgraphs.close();
  });
}
