import { bodies, type BenchmarkBody } from '../bodies.js';
import { floorFile, type GatewayDefinition } from '../gateways/definitions.js';
import type { FloorScript } from '../gateways/floor.js';
import { RunningGateway } from '../gateways/RunningGateway.js';
import type { Lab } from '../lab.js';
import type { LoadStep } from '../load/generator.js';
import type { BenchmarkOptions } from '../options.js';
import { readFileSync } from 'node:fs';
import { measureBody } from './measureBody.js';

/** The light query on the whole machine, nothing bound to a processor. */
export interface MachineRow {
  readonly id: string;
  readonly title: string;
  readonly requestsPerSecond: number;
  /** p50 of one client that asks the gateway, minus p50 of one that makes the same subgraph calls itself; ms. */
  readonly addedP50: number;
  readonly p50: number;
}

/** Each gateway alone on the machine, with the subgraphs and the load generator beside it. */
export async function measureMachineTable(
  lab: Lab,
  definitions: readonly GatewayDefinition[],
  options: BenchmarkOptions,
): Promise<{ rows: MachineRow[]; directP50: number }> {
  const light = bodies.find((body) => body.name === 'light') as BenchmarkBody;
  const directP50 = await oneClient(lab, directSteps(lab, light));
  const rows: MachineRow[] = [];
  for (const definition of definitions) {
    const gateway = await RunningGateway.start(definition, lab, 'any');
    try {
      const length = Buffer.byteLength((await gateway.post(light.json)).text);
      const { connections } = options;
      await measureBody(lab, gateway, light, { seconds: options.warmup, connections, length });
      const loaded = await measureBody(lab, gateway, light, { seconds: options.seconds, connections, length });
      const p50 = await oneClient(lab, [
        { port: gateway.port, path: definition.path, bodies: [light.json], lengths: [length] },
      ]);
      const { id, title } = definition;
      rows.push({ id, title, requestsPerSecond: loaded.requestsPerSecond, p50, addedP50: p50 - directP50 });
      console.log(
        `  whole machine ${id.padEnd(20)} ${Math.round(loaded.requestsPerSecond)} req/s, p50 alone ${p50.toFixed(2)} ms`,
      );
    } finally {
      await gateway.stop();
    }
  }
  return { rows, directP50 };
}

async function oneClient(lab: Lab, steps: readonly LoadStep[]): Promise<number> {
  await lab.load.ask({ steps, connections: 1, iterations: 500, firstId: 1 }, 60_000);
  const result = await lab.load.ask({ steps, connections: 1, iterations: 3000, firstId: 1 }, 60_000);
  if (result.failures > 0) throw new Error(`light, one client: ${result.failure}`);
  return result.p50;
}

/** The calls that the floor makes for a body, one after the other, without a gateway. */
function directSteps(lab: Lab, body: BenchmarkBody): LoadStep[] {
  const scripts = JSON.parse(readFileSync(floorFile(lab), 'utf8')) as FloorScript[];
  const { query } = JSON.parse(body.json) as { query: string };
  const calls = scripts.find((script) => script.query === query)?.stages.flat() ?? [];
  return calls.map((call) => ({
    port: Number(new URL(call.origin).port),
    path: call.path,
    bodies: [call.body],
    lengths: [0],
  }));
}
