import type { BenchmarkBody } from '../bodies.js';
import type { RunningGateway } from '../gateways/RunningGateway.js';
import type { Lab } from '../lab.js';
import type { BenchmarkOptions } from '../options.js';
import { countCalls } from './callsTable.js';
import { combine, measureBody, type Measurement } from './measureBody.js';
import type { AnswerLengths } from './reference.js';

/** One line of the main table. */
export interface MainRow {
  readonly gateway: string;
  readonly title: string;
  readonly body: BenchmarkBody['name'];
  readonly result: Measurement;
  /** Subgraph calls for one request that is alone; divided by the calls per request under load it is the share ratio. */
  readonly callsAlone: number;
  /** Lowest and highest CPU ms of the rounds. */
  readonly cpuRange: readonly [number, number];
}

/** A gateway and the lengths of its right answers. */
export interface Contender {
  readonly gateway: RunningGateway;
  readonly lengths: AnswerLengths;
}

/** Measures every gateway under every body. In each round the gateways take turns, so that noise meets all of them. */
export async function measureMainTable(
  lab: Lab,
  contenders: readonly Contender[],
  bodies: readonly BenchmarkBody[],
  options: BenchmarkOptions,
): Promise<MainRow[]> {
  const rows: MainRow[] = [];
  for (const body of bodies) {
    const rounds = new Map<Contender, Measurement[]>(contenders.map((contender) => [contender, []]));
    for (let round = 0; round <= options.rounds; round++) {
      for (const contender of contenders) {
        const { gateway, lengths } = contender;
        const seconds = round === 0 ? options.warmup : options.seconds;
        const { connections } = options;
        const result = await measureBody(lab, gateway, body, { seconds, connections, length: lengths.get(body) ?? 0 });
        if (round > 0) rounds.get(contender)?.push(result);
        const name = `${body.name} ${round === 0 ? 'warm-up' : `round ${round}`} ${gateway.definition.id}`;
        console.log(
          `  ${name.padEnd(44)} ${result.cpuMs.toFixed(3)} ms CPU, ${Math.round(result.requestsPerSecond)} req/s`,
        );
      }
    }
    for (const [{ gateway }, results] of rounds) {
      const cpu = results.map((m) => m.cpuMs);
      const cpuRange = [Math.min(...cpu), Math.max(...cpu)] as const;
      const { id, title } = gateway.definition;
      const callsAlone = await countCalls(lab, gateway, body);
      rows.push({ gateway: id, title, body: body.name, result: combine(results), callsAlone, cpuRange });
    }
  }
  return rows;
}
