import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

import { parse } from 'graphql';
import type { OperationDefinitionNode } from 'graphql';
import { Pool } from 'undici';

import { loadOptions } from '../src/base/config/loadOptions.js';
import { readSchemaNames } from '../src/engine/operation/canonicalKeys.js';
import { normalise } from '../src/engine/operation/normalise.js';
import { Charger } from '../src/request/ratelimit/Charger.js';
import { createPolicies } from '../src/request/ratelimit/createPolicies.js';
import type { Algorithm, LimitRule } from '../src/request/ratelimit/LimitRule.js';
import { MemoryLimiter } from '../src/request/ratelimit/MemoryLimiter.js';
import { readSupergraph } from '../src/supergraph/read/readSupergraph.js';
import { composeSdl } from '../test/support/compose.js';
import { someone } from '../test/support/identities.js';
import { startLimitedGateway } from '../test/support/limitedGateway.js';
import type { LimitedSettings } from '../test/support/limitedGateway.js';
import { startRedisProxy } from '../test/support/redisProxy.js';
import { startRedis } from '../test/support/redisServer.js';
import { makeContext } from '../test/support/requestContext.js';
import { markdownTable } from './report/markdownTable.js';

// `NODE_OPTIONS=--expose-gc npx tsx bench/rateLimits.ts`: what limits cost, with a redis-server of its own. Writes RESULTS-limits.md.

const ALGORITHMS: readonly Algorithm[] = ['sliding_window', 'token_bucket', 'fixed_window'];
const FIELDS = 10;
const ROUNDS = 3;
const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) throw new Error('Start it with NODE_OPTIONS=--expose-gc');

function cpuMicros(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** CPU of one limited field: an operation with ten of them, charged for 1,000 known callers in turn. The best of five rounds. */
function measureFields(): string[][] {
  const fields = Array.from({ length: FIELDS }, (_, at) => `f${at}: Int`).join(' ');
  const supergraph = readSupergraph(composeSdl({ a: `type Query { ${fields} }` }));
  const query = `{ ${Array.from({ length: FIELDS }, (_, at) => `f${at}`).join(' ')} }`;
  const document = parse(query);
  const definition = document.definitions[0] as OperationDefinitionNode;
  const names = readSchemaNames(supergraph.apiSchema);
  const operation = normalise(document, definition, supergraph.apiSchema, names, new Map());
  const contexts = Array.from({ length: 1000 }, (_, at) => makeContext({ identity: someone(`caller ${at}`) }));
  return ALGORITHMS.map((algorithm) => {
    const policies = Array.from({ length: FIELDS }, (_, at) => {
      return { name: `f${at}`, fields: [`Query.f${at}`], algorithm, max: 1_000_000, window: '1h' };
    });
    const { rateLimit } = loadOptions({ rateLimit: { policies } }, 'bench').config!;
    const limiter = new MemoryLimiter();
    const parts = { policies: createPolicies(rateLimit, supergraph), limiter, substitute: limiter };
    const charge = new Charger({ ...parts, schema: supergraph.apiSchema }).chargeFor(operation)!;
    const rounds = Array.from({ length: 5 }, () =>
      cpuMicros(() => {
        for (let each = 0; each < 20_000; each++) void charge(contexts[each % contexts.length]!, {}, 0);
      }),
    );
    return [algorithm, (Math.min(...rounds) / 20_000 / FIELDS).toFixed(2)];
  });
}

/** Memory of a million callers: what the limiter says, and what the heap says. */
function measureMemory(): string[][] {
  const callers = 1_000_000;
  return ALGORITHMS.flatMap((algorithm) =>
    [1_000_000_000, 100_000_000].map((maxBytes) => {
      const numbers = { name: 'x', algorithm, max: 5, windowMs: 3_600_000, burst: 5 };
      const rule: LimitRule = { ...numbers, calendar: undefined, countRejected: false };
      collect!();
      const before = process.memoryUsage().heapUsed;
      const limiter = new MemoryLimiter({ maxBytes });
      for (let each = 0; each < callers; each++) {
        const claim = { rule, key: `=ip 203.${each % 997}.${each}`, tenant: '', cost: 1, readOnly: false };
        limiter.spend([{ units: 1, claims: [claim], decides: false }]);
      }
      collect!();
      const heap = process.memoryUsage().heapUsed - before;
      const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
      const row = [maxBytes, limiter.bytes, heap].map(megabytes);
      return [algorithm, ...row, String(limiter.evictions)];
    }),
  );
}

const POLICIES = ALGORITHMS.map((algorithm) => ({ name: algorithm, algorithm, max: 1_000_000_000, window: '1h' }));

function limitsIn(url: string): LimitedSettings {
  return {
    rateLimit: { storage: { type: 'redis', urls: [url], timeout: '5s' }, policies: POLICIES },
    limits: { maxRootFields: 50 },
  };
}

/** Commands that requests with many limits make. */
async function measureCommands(port: number): Promise<string[][]> {
  const proxy = await startRedisProxy(port);
  const gateway = await startLimitedGateway(limitsIn(proxy.url));
  const warm = 'mutation { login(email: "warm") }';
  while ((await gateway.ask(warm)).code === 'RATE_LIMITER_UNAVAILABLE')
    await new Promise((done) => void setTimeout(done, 50));
  const rows: string[][] = [];
  for (const [limits, query] of [
    [3, '{ free }'],
    [4, '{ search }'],
    [8, '{ a: search(q: "a") b: search(q: "b") c: search(q: "c") d: search(q: "d") many(ids: [1]) }'],
  ] as const) {
    proxy.commands.length = 0;
    for (let each = 0; each < 100; each++) await gateway.ask(query);
    const scripts = proxy.commands.filter((command) => command.startsWith('EVAL')).length;
    rows.push([String(limits), '100', String(proxy.commands.length), String(scripts)]);
  }
  await gateway.close();
  await proxy.close();
  return rows;
}

/** Latency at a steady rate, with limits in Redis and without, in turns. */
async function measureLatency(url: string, perSecond: number): Promise<string[][]> {
  const sides = { off: await startLimitedGateway(), on: await startLimitedGateway(limitsIn(url)) };
  const taken: Record<keyof typeof sides, number[]> = { off: [], on: [] };
  const cpu = { off: 0, on: 0 };
  let inFlight = 0;
  const body = JSON.stringify({ query: '{ free }' });
  const run = async (side: keyof typeof sides, seconds: number, note: boolean): Promise<void> => {
    const pool = new Pool(new URL(sides[side].url).origin, { connections: 50 });
    const one = async (): Promise<void> => {
      inFlight++;
      const startedAt = performance.now();
      const headers = { 'content-type': 'application/json' };
      const answer = await pool.request({ method: 'POST', path: '/graphql', headers, body });
      await answer.body.text();
      inFlight--;
      if (answer.statusCode !== 200) throw new Error(`answered with ${answer.statusCode}`);
      if (note) taken[side].push(performance.now() - startedAt);
    };
    const before = process.cpuUsage();
    const sent: Promise<void>[] = [];
    const startedAt = performance.now();
    while (sent.length < perSecond * seconds) {
      const due = Math.min(perSecond * seconds, Math.ceil(((performance.now() - startedAt) * perSecond) / 1000));
      while (sent.length < due) sent.push(one());
      if (inFlight > perSecond) throw new Error(`this machine does not stand ${perSecond} requests a second now`);
      await new Promise((done) => void setTimeout(done, 1));
    }
    await Promise.all(sent);
    const { user, system } = process.cpuUsage(before);
    if (note) cpu[side] += (user + system) / (perSecond * seconds) / ROUNDS;
    await pool.close();
  };
  // Planned and connected before anything is timed.
  for (const { passes } of Object.values(sides)) await passes(300, '{ free }');
  for (const side of ['off', 'on'] as const) await run(side, 3, false);
  for (let round = 0; round < ROUNDS; round++) for (const side of ['off', 'on'] as const) await run(side, 2, true);
  await Promise.all(Object.values(sides).map((gateway) => gateway.close()));
  return (['off', 'on'] as const).map((side) => {
    const sorted = taken[side].toSorted((a, b) => a - b);
    const at = (share: number): string => sorted[Math.floor(sorted.length * share)]!.toFixed(2);
    return [`limits ${side}`, String(perSecond), at(0.5), at(0.9), at(0.99), cpu[side].toFixed(0)];
  });
}

const redis = await startRedis();
const fields = measureFields();
console.error(fields);
const memory = measureMemory();
console.error(memory);
const commands = await measureCommands(redis.port);
console.error(commands);
const latency: string[][] = [];
for (const rate of [50, 200, 1000]) {
  latency.push(
    ...(await measureLatency(redis.url, rate).catch((error: Error) => [[error.message, '', '', '', '', '']])),
  );
}
await redis.close();

const text = `# What limits cost

By \`NODE_OPTIONS=--expose-gc npx tsx bench/rateLimits.ts\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}.
The machine had other work to do: compare the lines of a table, not tables of different days.

CPU of one limited field in memory, of an operation with ${FIELDS} of them; the goal is 3 µs.

${markdownTable(['algorithm', 'µs of CPU'], fields)}

A million callers of one limit. The bound holds by what the heap says, too.

${markdownTable(['algorithm', 'bound, MB', 'counted, MB', 'heap, MB', 'forgotten'], memory)}

Commands to Redis: one a request, whatever the number of limits.

${markdownTable(['limits', 'requests', 'commands', 'scripts'], commands)}

Latency with three limits in a Redis on the same host and without limits, in turns; gateways, client and subgraph share one thread, so CPU a
request is that of all three. The goal is 2 ms of added median at 1,000 requests a second.

${markdownTable(['', 'requests/s', 'p50, ms', 'p90, ms', 'p99, ms', 'CPU, µs'], latency)}
`;
writeFileSync(new URL('RESULTS-limits.md', import.meta.url), text);
console.log(text);
process.exit(0);
