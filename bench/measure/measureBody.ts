import type { BenchmarkBody } from '../bodies.js';
import type { RunningGateway } from '../gateways/RunningGateway.js';
import type { Lab } from '../lab.js';
import { cpuMilliseconds, residentBytes } from './processTree.js';

/** One gateway under one body for some seconds. */
export interface Measurement {
  readonly requests: number;
  /** User + system of the serving process tree, per request. */
  readonly cpuMs: number;
  readonly requestsPerSecond: number;
  /** ms, at the closed loop's concurrency. */
  readonly p50: number;
  readonly p99: number;
  /** The longest answer, ms. */
  readonly longest: number;
  /** Highest resident memory of the process tree that was seen, bytes. */
  readonly peakRss: number;
  /** Subgraph calls per client request. */
  readonly calls: number;
  /** Subgraph answers that were not canned yet; more than a handful disturbs the measurement. */
  readonly computed: number;
}

/** Numbers of user ids; every request of a run takes the next one. */
let nextId = 1;

export interface MeasureOptions {
  readonly seconds: number;
  readonly connections: number;
  /** Length of the right answer; 0 when not known. */
  readonly length: number;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Puts load on a gateway and measures it. @throws when an answer was not 2xx or had a wrong length. */
export async function measureBody(
  lab: Lab,
  gateway: RunningGateway,
  body: BenchmarkBody,
  options: MeasureOptions,
): Promise<Measurement> {
  await lab.subgraphs.ask({ kind: 'reset' });
  let peakRss = residentBytes(gateway.pid);
  const sampler = setInterval(() => (peakRss = Math.max(peakRss, residentBytes(gateway.pid))), 250);
  const cpuBefore = cpuMilliseconds(gateway.pid);
  const { definition, port } = gateway;
  const { headers, length } = options;
  const step = { port, path: definition.path, headers, bodies: [body.json], lengths: [length] };
  const milliseconds = options.seconds * 1000;
  const order = { steps: [step], connections: options.connections, milliseconds, firstId: nextId };
  const result = await lab.load.ask(order, milliseconds + 60_000).finally(() => clearInterval(sampler));
  const cpu = cpuMilliseconds(gateway.pid) - cpuBefore;
  nextId = result.nextId;
  if (result.failures > 0) {
    throw new Error(
      `${gateway.definition.id}/${body.name}: ${result.failures} wrong answers, the first: ${result.failure}`,
    );
  }
  const { calls, computed } = await lab.subgraphs.ask({ kind: 'stats' });
  return {
    requests: result.iterations,
    cpuMs: cpu / result.iterations,
    requestsPerSecond: result.iterations / result.seconds,
    p50: result.p50,
    p99: result.p99,
    longest: result.longest,
    peakRss,
    calls: calls / result.iterations,
    computed,
  };
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Rounds of one gateway and body in one: the median of each figure, the maximum of the memory. */
export function combine(rounds: readonly Measurement[]): Measurement {
  const mid = (pick: (m: Measurement) => number): number => median(rounds.map(pick));
  return {
    requests: rounds.reduce((sum, m) => sum + m.requests, 0),
    cpuMs: mid((m) => m.cpuMs),
    requestsPerSecond: mid((m) => m.requestsPerSecond),
    p50: mid((m) => m.p50),
    p99: mid((m) => m.p99),
    longest: Math.max(...rounds.map((m) => m.longest)),
    peakRss: Math.max(...rounds.map((m) => m.peakRss)),
    calls: mid((m) => m.calls),
    computed: rounds.reduce((sum, m) => sum + m.computed, 0),
  };
}
