/**
 * Process: the four subgraphs, each on a port of its own, with canned answers.
 *
 * Parent → child messages and their answers: see `SubgraphMessage`. The child ends with its parent.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, answerCounter } from './answer.js';
import { subgraphNames, type SubgraphName } from './schemas.js';

/** One call seen at a subgraph, with the times (ms) at which it came and was answered. */
export interface RecordedCall {
  readonly subgraph: SubgraphName;
  readonly body: string;
  readonly from: number;
  to: number;
}

/** What the parent may ask for. `delay`: ms, uniform between the two, per call. `reset` also clears the record. */
export type SubgraphMessage =
  | { readonly kind: 'reset'; readonly delay?: readonly [min: number, max: number]; readonly record?: boolean }
  /** From now on these read requests and answer none. */
  | { readonly kind: 'hang'; readonly subgraphs: readonly SubgraphName[] }
  | { readonly kind: 'stats' };

export interface SubgraphStats {
  readonly calls: number;
  readonly bySubgraph: Readonly<Record<string, number>>;
  /** Answers that had to be computed since the reset. */
  readonly computed: number;
  readonly record: readonly RecordedCall[];
}

let calls: Record<string, number> = {};
let computedBefore = 0;
let delay: readonly [number, number] | undefined;
let recording = false;
let record: RecordedCall[] = [];
let seed = 1;
let hanging = new Set<SubgraphName>();

/** Mulberry32: the same delays in every run. */
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

function respond(subgraph: SubgraphName, body: string, res: ServerResponse): void {
  calls[subgraph] = (calls[subgraph] ?? 0) + 1;
  const entry: RecordedCall | undefined = recording ? { subgraph, body, from: performance.now(), to: 0 } : undefined;
  if (entry !== undefined) record.push(entry);
  if (hanging.has(subgraph)) return;
  const send = (content: Buffer | string): void => {
    if (entry !== undefined) entry.to = performance.now();
    res.writeHead(200, ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(content))]);
    res.end(content);
  };
  const sendLater = (content: Buffer | string): void => {
    if (delay === undefined) send(content);
    else setTimeout(send, delay[0] + random() * (delay[1] - delay[0]), content);
  };
  const content = answer(subgraph, body);
  if (content instanceof Promise) void content.then(sendLater);
  else sendLater(content);
}

function handle(subgraph: SubgraphName, req: IncomingMessage, res: ServerResponse): void {
  let body = '';
  req.setEncoding('utf8');
  req.on('data', (chunk: string) => (body += chunk));
  req.on('end', () => respond(subgraph, body, res));
}

async function listen(subgraph: SubgraphName): Promise<number> {
  const server = createServer((req, res) => handle(subgraph, req, res));
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function onMessage(message: SubgraphMessage): SubgraphStats | Record<string, never> {
  if (message.kind === 'stats') {
    const total = Object.values(calls).reduce((sum, n) => sum + n, 0);
    return { calls: total, bySubgraph: calls, computed: answerCounter.computed - computedBefore, record };
  }
  if (message.kind === 'hang') {
    hanging = new Set(message.subgraphs);
    return {};
  }
  calls = {};
  computedBefore = answerCounter.computed;
  delay = message.delay;
  recording = message.record === true;
  record = [];
  seed = 1;
  return {};
}

process.on('message', (message: SubgraphMessage) => process.send?.(onMessage(message)));
process.on('disconnect', () => process.exit(0));
const ports = Object.fromEntries(
  await Promise.all(subgraphNames.map(async (name) => [name, await listen(name)] as const)),
);
process.send?.({ ports });
