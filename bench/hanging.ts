/**
 * One of four subgraphs hangs: what it costs those who do not need it, what those get who do, and how it ends. Side by side in one run, on
 * one gateway that is never restarted. Run: `npm run build && npx tsx bench/hanging.ts [FILE]`; the report is printed, and written to FILE.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bodies } from './bodies.js';
import type { GatewayDefinition } from './gateways/definitions.js';
import { porticoCommand } from './gateways/definitions.js';
import { RunningGateway } from './gateways/RunningGateway.js';
import { openLab } from './lab.js';
import type { Lab } from './lab.js';
import { userId } from './load/generator.js';
import { measureBody, median } from './measure/measureBody.js';
import type { Measurement } from './measure/measureBody.js';
import { environment } from './report/environment.js';
import { markdownTable } from './report/markdownTable.js';

const ROUNDS = 5;
/** Longer than the breaker's window: it opens while the healthy calls of the round before still count. */
const SECONDS = 15;
/** Few enough that waiting for the processor is not what is measured. */
const CONNECTIONS = 8;
/** Queries that need the hanging subgraph, beside the load: each waits for its deadline while the breaker is closed or probes. */
const TOUCHING_PER_SECOND = 40;
const TIMEOUT_MS = 1000;
const SLEEP_MS = 5000;

const definition: GatewayDefinition = {
  id: 'portico',
  title: 'Portico',
  path: '/graphql',
  command(lab, port) {
    const config = join(lab.folder, 'hanging.yaml');
    const yaml = `traffic_shaping: { all: { timeout: ${TIMEOUT_MS}ms, circuit_breaker: { reset_timeout: ${SLEEP_MS}ms } } }\n`;
    writeFileSync(config, yaml);
    // Without sharing, every request is executed: with it, the load would be a handful of executions.
    return { command: porticoCommand(lab, port, ['--config', config, '--no-dedupe']) };
  },
};

const bystander = bodies.find(({ name }) => name === 'light')!;
const touching = bodies.find(({ name }) => name === 'unique')!;

/** Answers to the queries that need `reviews`. */
interface Touched {
  readonly whole: number;
  readonly partial: number;
  readonly wrong: string[];
  readonly latencies: readonly number[];
}

interface Body {
  readonly data?: { readonly user?: { readonly name?: string; readonly reviews?: unknown } } | null;
  readonly errors?: ReadonlyArray<{ readonly extensions?: { readonly code?: string } }>;
}

let nextTouching = 50_000_000;

/** Is the answer `whole`, or `partial`, lacking only what `reviews` would have said? Anything else is told as it is. */
async function touch(gateway: RunningGateway): Promise<{ kind: string; ms: number }> {
  const startedAt = performance.now();
  const { status, text } = await gateway.post(touching.json.replace('{id}', userId(nextTouching++)));
  const ms = performance.now() - startedAt;
  const { data, errors = [] } = JSON.parse(text) as Body;
  if (status !== 200 || typeof data?.user?.name !== 'string') return { kind: `${status} ${text.slice(0, 200)}`, ms };
  if (errors.length === 0 && Array.isArray(data.user.reviews)) return { kind: 'whole', ms };
  const codes = errors.map((error) => error.extensions?.code);
  const isExpected = codes.every((code) => code === 'SUBGRAPH_TIMEOUT' || code === 'SUBGRAPH_CIRCUIT_OPEN');
  return { kind: isExpected && data.user.reviews === null ? 'partial' : text.slice(0, 200), ms };
}

/** The load of bystanders, with the others beside it. */
async function round(lab: Lab, gateway: RunningGateway): Promise<{ load: Measurement; touched: Touched }> {
  const pending: Array<ReturnType<typeof touch>> = [];
  const timer = setInterval(() => pending.push(touch(gateway)), 1000 / TOUCHING_PER_SECOND);
  const load = await measureBody(lab, gateway, bystander, { seconds: SECONDS, connections: CONNECTIONS, length: 0 });
  clearInterval(timer);
  const answers = await Promise.all(pending);
  const count = (kind: string): number => answers.filter((answer) => answer.kind === kind).length;
  const wrong = answers.filter(({ kind }) => kind !== 'whole' && kind !== 'partial').map(({ kind }) => kind);
  const latencies = answers.map(({ ms }) => ms);
  return { load, touched: { whole: count('whole'), partial: count('partial'), wrong, latencies } };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

/** Milliseconds from the subgraph's recovery to the first full answer. */
async function recovery(lab: Lab, gateway: RunningGateway): Promise<number> {
  await lab.subgraphs.ask({ kind: 'hang', subgraphs: [] });
  const startedAt = performance.now();
  for (;;) {
    const { kind } = await touch(gateway);
    const ms = performance.now() - startedAt;
    if (kind === 'whole') return ms;
    if (ms > 60_000) throw new Error(`no full answer in a minute: ${kind}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

type Phase = 'healthy' | 'hanging';
const loads: Record<Phase, Measurement[]> = { healthy: [], hanging: [] };
const touched: Record<Phase, Touched[]> = { healthy: [], hanging: [] };
const recoveries: number[] = [];

const lab = await openLab();
const gateway = await RunningGateway.start(definition, lab, 'gateway');
try {
  await round(lab, gateway);
  for (let index = 0; index < ROUNDS; index++) {
    const healthy = await round(lab, gateway);
    loads.healthy.push(healthy.load);
    touched.healthy.push(healthy.touched);
    await lab.subgraphs.ask({ kind: 'hang', subgraphs: ['reviews'] });
    const hanging = await round(lab, gateway);
    loads.hanging.push(hanging.load);
    touched.hanging.push(hanging.touched);
    recoveries.push(await recovery(lab, gateway));
  }
} finally {
  await gateway.stop();
  await lab.close();
}

const rate = (phase: Phase): number => median(loads[phase].map((load) => load.requestsPerSecond));
const cpu = (phase: Phase): number => median(loads[phase].map((load) => load.cpuMs));
const p99 = (phase: Phase): number => median(loads[phase].map((load) => load.p99));
const longestOfLoad = (phase: Phase): number => Math.max(...loads[phase].map((load) => load.longest));
const of = <T>(phase: Phase, pick: (each: Touched) => readonly T[]): T[] =>
  touched[phase].flatMap((each) => [...pick(each)]);
const sum = (phase: Phase, pick: (each: Touched) => number): number =>
  touched[phase].reduce((total, each) => total + pick(each), 0);
const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
const lines = (['healthy', 'hanging'] as const).map((phase) => [
  phase === 'healthy' ? 'all four answer' : 'reviews hangs',
  rate(phase).toFixed(0),
  cpu(phase).toFixed(3),
  p99(phase).toFixed(1),
  longestOfLoad(phase).toFixed(0),
  String(sum(phase, ({ whole }) => whole)),
  String(sum(phase, ({ partial }) => partial)),
  String(of(phase, ({ wrong }) => wrong).length),
  quantile(
    of(phase, ({ latencies }) => latencies),
    0.5,
  ).toFixed(0),
  quantile(
    of(phase, ({ latencies }) => latencies),
    1,
  ).toFixed(0),
]);
const header = [
  '',
  'bystanders, req/s',
  'CPU ms',
  'p99 ms',
  'their longest ms',
  'whole',
  'partial',
  'other',
  'p50 ms of those that need it',
  'longest ms',
];
/** Each round with hanging against the one before it: what else the machine does changes from minute to minute. */
const ratio = (pick: (load: Measurement) => number): number =>
  median(loads.hanging.map((load, index) => pick(load) / pick(loads.healthy[index]!)));
const fall = 1 - ratio((load) => load.requestsPerSecond);
const dearer = ratio((load) => load.cpuMs) - 1;
/**
 * Each round by itself: its longest partial answer, and what everybody waited for in it. A query that needs `reviews` asks another subgraph
 * first, so it passes gateway and subgraphs twice; the longest answer of the bystanders, who wait for no deadline, is what one pass took at
 * the worst. A stall of the machine is in both, a deadline that we miss in the first alone.
 */
const late = touched.hanging.map(({ latencies }, index) => {
  const longest = quantile(latencies, 1);
  return { longest, over: longest - TIMEOUT_MS - 2 * loads.hanging[index]!.longest };
});
const worst = late.toSorted((a, b) => b.over - a.over)[0]!;
const latest = Math.max(...recoveries);
const yes = (isMet: boolean): string => (isMet ? 'yes' : '**no**');
const verdicts = [
  ['throughput of queries that do not need it falls', percent(fall), 'less than 10 %', yes(fall < 0.1)],
  ['their CPU per request rises', percent(dearer), 'less than 10 %', yes(dearer < 0.1)],
  [
    'queries that need it: partial data, nothing else',
    String(of('hanging', ({ wrong }) => wrong).length),
    '0 others',
    yes(of('hanging', ({ wrong }) => wrong).length === 0),
  ],
  [
    'longest of them, in the worst of the rounds',
    `${worst.longest.toFixed(0)} ms`,
    `the deadline, and twice the longest of those who wait for nothing: ${(worst.longest - worst.over).toFixed(0)} ms`,
    yes(worst.over <= 0),
  ],
  [
    'full answers after recovery, without a restart',
    `${latest.toFixed(0)} ms at the latest`,
    `one sleep and one probe, ${SLEEP_MS + TIMEOUT_MS} ms`,
    yes(latest < SLEEP_MS + TIMEOUT_MS),
  ],
];
const report = [
  '# One of four subgraphs hangs',
  '',
  '`npx tsx bench/hanging.ts bench/HANGING.md`; what is measured stands in [README.md](README.md).',
  '',
  ...environment().filter((line) => !line.startsWith('Versions')),
  '',
  `Body \`${bystander.name}\` from ${CONNECTIONS} clients does not need \`reviews\`; ${TOUCHING_PER_SECOND} requests a second of \`${touching.name}\` beside it do. Timeout ${TIMEOUT_MS} ms, breaker's sleep ${SLEEP_MS} ms, otherwise defaults; \`--no-dedupe\`. ${ROUNDS} rounds of ${SECONDS} s each, healthy and hanging in turn; medians of the rounds (of falls and rises: of the pairs), all answers of those that need it.`,
  '',
  markdownTable(header, lines),
  '',
  markdownTable(['promise', 'measured', 'bound', 'met'], verdicts),
  '',
].join('\n');
console.log(report);
const others = [...new Set(of('hanging', ({ wrong }) => wrong).concat(of('healthy', ({ wrong }) => wrong)))];
if (others.length > 0) console.log(`Other answers:\n${others.slice(0, 5).join('\n')}`);
const [, , out] = process.argv;
if (out !== undefined) writeFileSync(out, report);
