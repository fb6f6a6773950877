/**
 * CPU of one subgraph call in this process, over loopback, and what each decorator adds. The subgraph is another process that answers
 * canned bytes. Run: `npx tsx bench/upstream.ts`. Figures are for comparing rows of one run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { parseJson } from '../src/base/kit/json.js';
import { Lifetime } from '../src/base/kit/Lifetime.js';
import { createBalancer } from '../src/upstream/balance/createBalancer.js';
import type { BalanceOptions } from '../src/upstream/balance/createBalancer.js';
import { createHealthRegistry } from '../src/upstream/balance/HealthRegistry.js';
import { createHttpClient } from '../src/upstream/http/httpClient.js';
import { withDeadline } from '../src/upstream/resilience/withDeadline.js';
import { DEFAULT_TRAFFIC_OPTIONS } from '../src/upstream/TrafficOptions.js';
import { createClients } from '../src/upstream/createClients.js';
import { systemClock } from '../src/base/kit/Clock.js';
import { TrafficRegistry } from '../src/upstream/resilience/TrafficRegistry.js';
import { withBreaker, withBreakerCheck } from '../src/upstream/resilience/withBreaker.js';
import { withBulkhead } from '../src/upstream/resilience/withBulkhead.js';
import { withRetry } from '../src/upstream/resilience/withRetry.js';
import { withDedupe } from '../src/upstream/resilience/withDedupe.js';
import type { SubgraphCall, SubgraphClient } from '../src/upstream/SubgraphClient.js';
import { makeReply } from '../test/support/subgraphCall.js';

const IN_FLIGHT = 32;
const BODIES = { small: body(1), '8 kB': body(90) };

function body(items: number): string {
  const users = Array.from({ length: items }, (_, index) => ({
    __typename: 'User',
    id: String(index),
    name: `User number ${index}`,
    username: `user-${index}`,
    birthday: 900_000_000 + index,
  }));
  return JSON.stringify({ data: { users } });
}

async function serve(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(request.url === '/8' ? BODIES['8 kB'] : BODIES.small);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
  process.stdin.resume().on('end', () => process.exit());
}

const operation = {
  kind: 'query',
  name: 'Bench__users__0',
  text: 'query Bench__users__0($ids:[ID!]!){users(ids:$ids){__typename id name username birthday}}',
  bodyHead: '{"query":"query Bench__users__0($ids:[ID!]!){users(ids:$ids){__typename id name username birthday}}"',
} as const;

/** Every call has variables of its own, so nothing is shared; dedupe costs its bookkeeping. */
function callOf(serial: number, lifetime: Lifetime): SubgraphCall {
  return {
    operation,
    variablesJson: `{"ids":["${serial}"]}`,
    headers: [['authorization', 'Bearer abcdefghijklmnopqrstuvwxyz']],
    correlation: [['x-request-id', '0123456789abcdef']],
    lifetime,
    epoch: 0,
  };
}

async function cpuPerCall(client: SubgraphClient, calls: number): Promise<number> {
  let serial = 0;
  const lifetimes = Array.from({ length: IN_FLIGHT }, () => new Lifetime(600_000));
  const lane = async (lifetime: Lifetime): Promise<void> => {
    while (serial < calls) await client.execute(callOf(serial++, lifetime));
  };
  const before = process.cpuUsage();
  await Promise.all(lifetimes.map(lane));
  const used = process.cpuUsage(before);
  for (const lifetime of lifetimes) lifetime.close();
  return (used.user + used.system) / calls;
}

/** The decorators around a client that answers at once: their own cost without the socket's noise. */
function instant(): SubgraphClient {
  const reply = makeReply();
  return { name: 'instant', execute: () => Promise.resolve(reply), close: () => Promise.resolve() };
}

/** Four endpoints behind a balancer that watches them. */
function balanced(client: SubgraphClient, algorithm: BalanceOptions['algorithm']): SubgraphClient {
  const endpoints = [1, 2, 3, 4].map((n) => ({ url: `http://e${n}/`, client }));
  const outlierDetection = {
    consecutiveErrors: 5,
    errorThreshold: 50,
    volumeThreshold: 20,
    intervalMs: 10_000,
    baseEjectionMs: 30_000,
    maxEjectionMs: 300_000,
    maxEjectionPercent: 50,
  };
  const health = createHealthRegistry().acquire('bench', endpoints, { outlierDetection }, []);
  return createBalancer({ name: 'bench', endpoints, balance: { algorithm, panicThreshold: 25 }, health, fairMs: 1500 });
}

/** As a gateway puts them around a sender, with the defaults. */
function everything(sender: SubgraphClient): SubgraphClient {
  return createClients([{ name: 'bench', url: 'http://localhost/' }], { sender: () => sender }).get('bench')!;
}

/** Each of the decorators that keep a failing subgraph to itself, alone and all together. */
function resilience(bare: SubgraphClient): Record<string, SubgraphClient> {
  const { breaker: breakerOptions, retry, concurrency } = DEFAULT_TRAFFIC_OPTIONS;
  const registry = new TrafficRegistry();
  const breaker = registry.breaker({ subgraph: 'bench' }, '', breakerOptions, systemClock).value;
  const budget = registry.budget('bench', '', retry.budget, systemClock).value;
  const all = [breaker];
  return {
    'breaker(no socket)': withBreaker(bare, breaker),
    'breaker check(no socket)': withBreakerCheck(bare, () => all),
    'retry(no socket)': withRetry(bare, retry, { budget, clock: systemClock }),
    'bulkhead(no socket)': withBulkhead(bare, registry.bulkhead('bench', '', concurrency).value),
    'everything(no socket)': everything(bare),
  };
}

async function measure(): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), 'serve'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${Number(line.toString())}`;
  const median = async (client: SubgraphClient, calls: number): Promise<string> => {
    await cpuPerCall(client, calls);
    const runs = [];
    for (let run = 0; run < 5; run++) runs.push(await cpuPerCall(client, calls));
    return runs.sort((left, right) => left - right)[2]!.toFixed(2);
  };
  const rows: Record<string, Record<string, string>> = {};
  for (const [size, path] of [
    ['small', '/1'],
    ['8 kB', '/8'],
  ] as const) {
    const send = createHttpClient({ name: 'bench', url: url + path });
    const layers: Record<string, SubgraphClient> = {
      send,
      'deadline(send)': withDeadline(send, { timeoutMs: 3000 }),
      'dedupe(deadline(send))': withDedupe(withDeadline(send, { timeoutMs: 3000 })),
      'everything(send)': everything(send),
    };
    for (const [layer, client] of Object.entries(layers)) (rows[layer] ??= {})[size] = await median(client, 10_000);
    await send.close();
  }
  child.stdin.end();
  await once(child, 'exit');
  const bare = instant();
  const layers: Record<string, SubgraphClient> = {
    'no socket': bare,
    'deadline(no socket)': withDeadline(bare, { timeoutMs: 3000 }),
    'dedupe(no socket)': withDedupe(bare),
    'balance(no socket), round_robin': balanced(bare, 'round_robin'),
    'balance(no socket), least_requests': balanced(bare, 'least_requests'),
    'dedupe(deadline(no socket))': withDedupe(withDeadline(bare, { timeoutMs: 3000 })),
  };
  Object.assign(layers, resilience(bare));
  for (const [layer, client] of Object.entries(layers)) (rows[layer] ??= {})['small'] = await median(client, 200_000);
  process.stdout.write('CPU µs a call\n');
  console.table(rows);

  const text = body(1100);
  const cpu = (read: () => unknown): string => {
    for (let run = 0; run < 100; run++) read();
    const before = process.cpuUsage();
    for (let run = 0; run < 300; run++) read();
    const used = process.cpuUsage(before);
    return ((used.user + used.system) / 300).toFixed(0);
  };
  process.stdout.write(
    `${text.length} bytes: JSON.parse ${cpu(() => JSON.parse(text))} µs, parseJson ${cpu(() => parseJson(text))} µs\n`,
  );
}

await (process.argv[2] === 'serve' ? serve() : measure());
