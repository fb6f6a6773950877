import { bodies, type BenchmarkBody } from '../bodies.js';
import type { GatewayDefinition } from '../gateways/definitions.js';
import { RunningGateway } from '../gateways/RunningGateway.js';
import type { Lab } from '../lab.js';

/** Subgraph calls for one heavy query, and how long it takes when each call takes 5 to 30 ms. */
export interface CallsRow {
  readonly title: string;
  readonly id: string;
  /** Calls for one request that is alone. */
  readonly calls: number;
  /** ms, one request at a time. */
  readonly wallMean: number;
  readonly wallP50: number;
}

const requests = 400;
/** Grouped and ungrouped differ by 1 or 2 ms, and 400 requests are within 0.6 ms of the true mean. */
const comparedRequests = 1500;
const isCompared = ({ definition: { id } }: RunningGateway): boolean => id === 'portico' || id === 'portico-ungrouped';

/** Counts the subgraph calls of a single request. */
export async function countCalls(lab: Lab, gateway: RunningGateway, body: BenchmarkBody): Promise<number> {
  await lab.subgraphs.ask({ kind: 'reset' });
  await gateway.post(body.json.replaceAll('{id}', 'u80000000'));
  return (await lab.subgraphs.ask({ kind: 'stats' })).calls;
}

/** @returns the rows, and a note for every gateway that could not be started. */
export async function measureCallsTable(
  lab: Lab,
  running: readonly RunningGateway[],
  extra: readonly GatewayDefinition[],
): Promise<{ rows: CallsRow[]; notes: string[] }> {
  const heavy = bodies.find((body) => body.name === 'heavy') as BenchmarkBody;
  const rows: CallsRow[] = [];
  const notes: string[] = [];
  const started: RunningGateway[] = [];
  for (const definition of extra) {
    try {
      started.push(await RunningGateway.start(definition, lab, 'gateway'));
    } catch (error) {
      notes.push(`${definition.title}: skipped, ${(error as Error).message}`);
    }
  }
  for (const gateway of [...running, ...started]) {
    const calls = await countCalls(lab, gateway, heavy);
    await lab.subgraphs.ask({ kind: 'reset', delay: [5, 30] });
    const step = { port: gateway.port, path: gateway.definition.path, bodies: [heavy.json], lengths: [0] };
    const iterations = isCompared(gateway) ? comparedRequests : requests;
    const result = await lab.load.ask({ steps: [step], connections: 1, iterations, firstId: 1 }, 300_000);
    if (result.failures > 0) throw new Error(`${gateway.definition.id} with latency: ${result.failure}`);
    const { id, title } = gateway.definition;
    rows.push({ id, title, calls, wallMean: result.mean, wallP50: result.p50 });
    console.log(`  latency ${id.padEnd(20)} ${calls} calls, ${result.mean.toFixed(1)} ms`);
  }
  await lab.subgraphs.ask({ kind: 'reset' });
  for (const gateway of started) await gateway.stop();
  return { rows, notes };
}
