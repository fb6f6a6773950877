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

/** One after the other: within 0.6 ms of the true mean. */
const requests = 400;
/**
 * Grouped and ungrouped differ by less than a millisecond, so they are measured longer, in turns, and with several clients: the mean of
 * 8,000 is within 0.15 ms. Each request in flight has an operation name of its own, or they would share one execution.
 */
const compared = { ids: ['portico', 'portico-ungrouped'], rounds: 2, requests: 4000, connections: 8, names: 32 };

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
  const all = [...running, ...started];
  const isCompared = ({ definition }: RunningGateway): boolean => compared.ids.includes(definition.id);
  const latencies = await compareLatencies(lab, heavy, all.filter(isCompared));
  for (const gateway of all) {
    const calls = await countCalls(lab, gateway, heavy);
    const { id, title } = gateway.definition;
    const alone = { bodies: [heavy.json], requests, connections: 1 };
    const { mean, p50 } = latencies.get(gateway) ?? (await measureLatency(lab, gateway, alone));
    rows.push({ id, title, calls, wallMean: mean, wallP50: p50 });
    console.log(`  latency ${id.padEnd(20)} ${calls} calls, ${mean.toFixed(2)} ms`);
  }
  await lab.subgraphs.ask({ kind: 'reset' });
  for (const gateway of started) await gateway.stop();
  return { rows, notes };
}

interface Latency {
  readonly mean: number;
  readonly p50: number;
}

interface LatencyLoad {
  readonly bodies: readonly string[];
  readonly requests: number;
  readonly connections: number;
}

/** Wall time of requests whose subgraph calls take 5 to 30 ms each. */
async function measureLatency(lab: Lab, gateway: RunningGateway, load: LatencyLoad): Promise<Latency> {
  await lab.subgraphs.ask({ kind: 'reset', delay: [5, 30] });
  const { bodies: texts, connections, requests: iterations } = load;
  const step = { port: gateway.port, path: gateway.definition.path, bodies: texts, lengths: [0] };
  const result = await lab.load.ask({ steps: [step], connections, iterations, firstId: 1 }, 300_000);
  if (result.failures > 0) throw new Error(`${gateway.definition.id} with latency: ${result.failure}`);
  return { mean: result.mean, p50: result.p50 };
}

async function compareLatencies(
  lab: Lab,
  body: BenchmarkBody,
  gateways: readonly RunningGateway[],
): Promise<ReadonlyMap<RunningGateway, Latency>> {
  const texts = Array.from({ length: compared.names }, (_, i) => body.json.replace('query Heavy', `query Heavy${i}`));
  await lab.subgraphs.ask({ kind: 'reset' });
  // Each is planned, and its answers at the subgraphs made, before anything is measured.
  for (const gateway of gateways) for (const text of texts) await gateway.post(text);
  const rounds = new Map<RunningGateway, Latency[]>(gateways.map((gateway) => [gateway, []]));
  for (let round = 0; round < compared.rounds; round++) {
    for (const [gateway, measured] of rounds) {
      measured.push(await measureLatency(lab, gateway, { ...compared, bodies: texts }));
    }
  }
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return new Map(
    [...rounds].map(([gateway, measured]) => [
      gateway,
      { mean: average(measured.map(({ mean }) => mean)), p50: average(measured.map(({ p50 }) => p50)) },
    ]),
  );
}
