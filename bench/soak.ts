import { bodies } from './bodies.js';
import { gateways } from './gateways/definitions.js';
import { RunningGateway } from './gateways/RunningGateway.js';
import type { Lab } from './lab.js';
import type { LoadStep } from './load/generator.js';
import { Inspector, inspectable } from './measure/inspector.js';
import { processTree, residentBytes } from './measure/processTree.js';
import { select, type BenchmarkOptions } from './options.js';
import { markdownTable } from './report/markdownTable.js';
import { maxSoakGrowth } from './report/targets.js';

const documents = 500;

/** The same request as `unique` in 500 different documents: other operation names and aliases. */
function soakBodies(): string[] {
  const unique = bodies.find((body) => body.name === 'unique');
  if (unique === undefined) throw new Error('no body `unique`');
  return Array.from({ length: documents }, (_, i) =>
    unique.json.replace('query Unique', `query Soak${i}`).replace('username', `alias${i}: username`),
  );
}

/** Bytes of live objects in every Node process of the tree, after a forced collection. */
async function liveHeap(gateway: RunningGateway): Promise<number> {
  let bytes = 0;
  const tree = processTree(gateway.pid);
  const largest = tree.toSorted((a, b) => residentBytes(b, false) - residentBytes(a, false))[0];
  for (const pid of tree) {
    const inspector = await Inspector.attach(pid);
    if (inspector === undefined) {
      if (pid === largest) throw new Error(`${gateway.definition.id}: no debugger found in process ${pid}`);
      continue;
    }
    for (let i = 0; i < 3; i++) await inspector.send('HeapProfiler.collectGarbage');
    bytes += ((await inspector.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
    inspector.close();
  }
  return bytes;
}

/** Memory before and after many requests with ids that never repeat. @returns a section of the report. */
export async function soak(lab: Lab, options: BenchmarkOptions): Promise<string> {
  const wanted =
    options.only.length > 0
      ? select(gateways, options.only, ({ id }) => id)
      : gateways.filter(({ id }) => id === 'portico');
  const lines: string[][] = [];
  for (const definition of wanted) {
    const gateway = await RunningGateway.start(definition, lab, 'gateway', inspectable());
    try {
      const step: LoadStep = { port: gateway.port, path: definition.path, bodies: soakBodies(), lengths: [0] };
      const load = async (iterations: number, firstId: number): Promise<void> => {
        const order = { steps: [step], connections: options.connections, iterations, firstId };
        const result = await lab.load.ask(order, 3_600_000);
        if (result.failures > 0)
          throw new Error(`${definition.id}: ${result.failures} wrong answers, the first: ${result.failure}`);
      };
      const warmup = Math.min(20_000, Math.max(4 * documents, options.requests / 10));
      await load(warmup, 1);
      const before = await liveHeap(gateway);
      await load(options.requests, 10_000_000);
      const after = await liveHeap(gateway);
      const growth = after / before - 1;
      const mega = (value: number): string => (value / 2 ** 20).toFixed(1);
      const rss = mega(residentBytes(gateway.pid));
      const met = growth <= maxSoakGrowth ? 'yes' : '**no**';
      lines.push([definition.title, mega(before), mega(after), `${(growth * 100).toFixed(1)} %`, rss, met]);
    } finally {
      await gateway.stop();
    }
  }
  const header = [
    'gateway',
    'heap after warm-up, MB',
    'heap at the end, MB',
    'growth',
    'RSS at the end, MB',
    'within 10 %',
  ];
  const what = `${options.requests} requests with unique ids in ${documents} documents, ${options.connections} connections; heap of the main threads after forced collections.`;
  return `## Soak\n\n${what}\n\n${markdownTable(header, lines)}\n`;
}
