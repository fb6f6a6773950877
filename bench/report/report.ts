import { bodies } from '../bodies.js';
import type { CallsRow } from '../measure/callsTable.js';
import type { MachineRow } from '../measure/machineTable.js';
import type { MainRow } from '../measure/mainTable.js';
import type { BenchmarkOptions } from '../options.js';
import { markdownTable } from './markdownTable.js';
import { addedP50, lightPerSecond, maxHeavyCalls, maxHeavyRss, targets } from './targets.js';

export interface ReportInput {
  readonly main: readonly MainRow[];
  readonly calls?: readonly CallsRow[];
  readonly machine?: { readonly rows: readonly MachineRow[]; readonly directP50: number };
  readonly notes: readonly string[];
  readonly options: BenchmarkOptions;
  readonly environment: readonly string[];
}

const mega = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
const factor = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(1)}×` : '–');
const verdict = (good: boolean): string => (good ? 'yes' : '**no**');

/** The whole report as Markdown. */
export function report(input: ReportInput): string {
  const { options } = input;
  const notes = [...input.notes];
  const parts = [
    '# Benchmark',
    'Written by `npm run bench`; what is measured and how: [README.md](README.md).',
    input.environment.join('\n'),
    `${options.connections} connections, ${options.rounds} rounds of ${options.seconds} s, gateways taking turns; ` +
      'medians of the rounds. CPU is user + system of the whole serving process tree.',
    ...bodies.map(({ name }) => bodySection(input.main, name)),
    targetSection(input),
  ];
  if (input.calls !== undefined) parts.push(callsSection(input.calls));
  if (input.machine !== undefined) parts.push(machineSection(input.machine.rows, input.machine.directP50));
  for (const { title, body, result } of input.main) {
    if (result.computed <= result.requests / 100) continue;
    notes.push(`${title}, ${body}: the subgraphs had to compute ${result.computed} answers; its figures are too high.`);
  }
  if (notes.length > 0) parts.push(`## Notes\n\n${notes.map((note) => `- ${note}`).join('\n')}`);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function bodySection(rows: readonly MainRow[], body: string): string {
  const own = rows.filter((row) => row.body === body);
  if (own.length === 0) return '';
  const stock = own.find((row) => row.gateway === 'stock')?.result.cpuMs ?? NaN;
  const header = [
    'gateway',
    'CPU ms/request',
    'lowest–highest',
    'cheaper than stock',
    'req/s',
    'p50 ms',
    'p99 ms',
    'peak RSS',
    'calls alone',
    'calls/request',
    'share ratio',
  ];
  const lines = own.map(({ title, result: r, callsAlone, cpuRange: [low, high] }) => [
    title,
    r.cpuMs.toFixed(3),
    `${low.toFixed(3)}–${high.toFixed(3)}`,
    factor(stock / r.cpuMs),
    Math.round(r.requestsPerSecond).toString(),
    r.p50.toFixed(2),
    r.p99.toFixed(2),
    mega(r.peakRss),
    String(callsAlone),
    r.calls.toFixed(2),
    factor(callsAlone / r.calls),
  ]);
  return `## ${body}\n\n${markdownTable(header, lines)}`;
}

function targetSection({ main, calls, machine }: ReportInput): string {
  const find = (gateway: string, body: string): MainRow | undefined =>
    main.find((row) => row.gateway === gateway && row.body === body);
  const lines: string[][] = [];
  for (const { body, gateway, atLeast, aim } of targets) {
    const [stock, own] = [find('stock', body), find(gateway, body)];
    if (stock === undefined || own === undefined) continue;
    const times = stock.result.cpuMs / own.result.cpuMs;
    const what = `${body}, ${gateway === 'portico' ? 'defaults' : 'dedupe off'}: times cheaper than stock`;
    lines.push([
      what,
      factor(times),
      `at least ${atLeast}×`,
      `${aim}×`,
      verdict(times >= atLeast),
      verdict(times >= aim),
    ]);
  }
  const heavyCalls = calls?.find((row) => row.id === 'portico')?.calls;
  if (heavyCalls !== undefined) {
    const good = heavyCalls <= maxHeavyCalls;
    lines.push(['heavy: subgraph calls', String(heavyCalls), `at most ${maxHeavyCalls}`, '', verdict(good), '']);
  }
  const [grouped, alone] = ['portico', 'portico-ungrouped'].map((id) => calls?.find((row) => row.id === id)?.wallMean);
  if (grouped !== undefined && alone !== undefined) {
    const what = 'heavy with 5–30 ms a call: wall time grouped, relative to ungrouped';
    // As exact as it is measured.
    const ratio = (grouped / alone).toFixed(2);
    lines.push([what, ratio, 'at most 1.00', '', verdict(Number(ratio) <= 1), '']);
  }
  const light = machine?.rows.find((row) => row.id === 'portico');
  if (light !== undefined) {
    const { requestsPerSecond: rate, addedP50: added } = light;
    const { atLeast, aim } = lightPerSecond;
    const rated = [verdict(rate >= atLeast), verdict(rate >= aim)];
    lines.push([
      'light: requests per second, whole machine',
      Math.round(rate).toString(),
      `at least ${atLeast}`,
      `${aim}`,
      ...rated,
    ]);
    const bounds = [`at most ${addedP50.atMost} ms`, `${addedP50.aim} ms`];
    const met = [verdict(added <= addedP50.atMost), verdict(added <= addedP50.aim)];
    lines.push(['light: p50 added to direct calls', `${added.toFixed(2)} ms`, ...bounds, ...met]);
  }
  for (const id of ['portico', 'portico-nodedupe']) {
    const rss = find(id, 'heavy')?.result.peakRss;
    if (rss === undefined) continue;
    const what = `heavy: peak resident memory, ${id === 'portico' ? 'defaults' : 'dedupe off'}`;
    lines.push([what, mega(rss), `at most ${mega(maxHeavyRss)}`, '', verdict(rss <= maxHeavyRss), '']);
  }
  if (lines.length === 0) return '';
  return `## Targets\n\n${markdownTable(['what', 'measured', 'target', 'aim', 'target met', 'aim met'], lines)}`;
}

function callsSection(rows: readonly CallsRow[]): string {
  const lines = rows.map((row) => [row.title, String(row.calls), row.wallMean.toFixed(1), row.wallP50.toFixed(1)]);
  const table = markdownTable(['gateway', 'calls', 'mean ms', 'p50 ms'], lines);
  const how = [
    'Wall time with 5–30 ms of random latency per call. One request at a time, but Portico with and without grouping, which are compared:',
    '8 at a time, in turns, each request in flight under a name of its own.',
  ];
  return `## Subgraph calls for the heavy query\n\n${how.join('\n')}\n\n${table}`;
}

function machineSection(rows: readonly MachineRow[], directP50: number): string {
  const lines = rows.map((row) => [
    row.title,
    Math.round(row.requestsPerSecond).toString(),
    row.p50.toFixed(3),
    row.addedP50.toFixed(3),
  ]);
  const table = markdownTable(['gateway', 'req/s', 'p50 ms, one client', 'added to direct calls, ms'], lines);
  return (
    '## Light query on the whole machine\n\n' +
    `Nothing bound to a processor; subgraphs and load generator share it. The same two calls made directly: p50 ${directP50.toFixed(3)} ms.\n\n${table}`
  );
}
