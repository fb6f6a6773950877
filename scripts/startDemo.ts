/**
 * The demo: `npm start` (scripts/demo.js bundles this and what it runs). Starts the five services of subgraphs/ and, in processes of its
 * own, the gateway in front of them.
 * Further arguments go to `portico start`. Ctrl-C stops everything.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { demoIdentities } from '../subgraphs/demoIdentities.js';
import type { RunningSubgraphs, SubgraphName } from '../subgraphs/startSubgraphs.js';

const root = process.cwd();
const extra = process.argv.slice(2);
const origin = `http://127.0.0.1:${optionValue('--port') ?? 4000}`;
/** A gateway that was asked to stop takes less; after this it is asked once more, which ends it at once. */
const STOP_MS = 2000;

const identities = await demoIdentities();
// Started first: loading its code takes longer than anything else here, and it needs no service to start. Theirs is loaded meanwhile.
const gateway = spawn(
  process.execPath,
  [
    ...[join(import.meta.dirname, 'main.js'), 'start'],
    ...['--config', join(root, 'subgraphs/demo.yaml'), '--log-level', 'warn'],
    ...extra,
  ],
  { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...identities.environment } },
);
let stopping = false;
// A terminal sends Ctrl-C to the gateway as well, whoever else stops us means both.
process.on('SIGINT', () => stop(STOP_MS));
process.on('SIGTERM', () => stop(0));
const gatewayEnd = once(gateway, 'exit') as Promise<[code: number | null]>;

let subgraphs: RunningSubgraphs | undefined;
try {
  const { startSubgraphs } = await import('../subgraphs/startSubgraphs.js');
  subgraphs = await startSubgraphs();
  if (await isReady()) greet(subgraphs);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
  stop(0);
}
const [code] = await gatewayEnd;
if (!stopping) console.error('The gateway has ended.');
process.exitCode ||= stopping ? 0 : (code ?? 1);
process.stdin.destroy();
await subgraphs?.close();
await identities.close();

function stop(waitMs: number): void {
  stopping = true;
  setTimeout(() => gateway.kill('SIGTERM'), waitMs).unref();
}

/** False when the gateway ends before it is ready; it has said why. */
async function isReady(): Promise<boolean> {
  while (gateway.exitCode === null && !stopping) {
    const response = await fetch(`${origin}/ready`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return true;
    await sleep(50);
  }
  return false;
}

function greet({ urls, toggle }: RunningSubgraphs): void {
  const services = Object.entries(urls).map(([name, url]) => `${name} ${new URL(url).port}`);
  console.log(`
  The demo graph is running.

  Playground   ${origin}/
  GraphQL      ${origin}/graphql
  Services     ${services.join(' · ')}

  curl -s ${origin}/graphql -H 'content-type: application/json' \\
    -d '{"query":"{ topProducts { name averageRating inStock } }"}'

  As somebody (docs/auth.md): -H "authorization: Bearer $ADA", -H "x-api-key: $PROGRAM"; good until the demo ends

  Ada, plan pro, scopes read:profile write:reviews
  export ADA=${identities.tokens.ada}

  Bruno, plan free, scope read:profile
  export BRUNO=${identities.tokens.bruno}

  A program, plan pro, scope read:stock
  export PROGRAM=${identities.apiKey}

  ${process.stdin.isTTY ? 'Type the name of a service and Enter to stop or start it. ' : ''}Ctrl-C stops everything.
`);
  if (!process.stdin.isTTY) return;
  createInterface({ input: process.stdin }).on('line', (line) => {
    const name = line.trim();
    if (name === '') return;
    if (!isServiceOf(urls, name))
      return console.log(`  There is no service "${name}": ${Object.keys(urls).join(', ')}`);
    toggle(name).then(
      (runs) =>
        console.log(runs ? `  ${name} runs again.` : `  ${name} is stopped. Queries that need it get partial data.`),
      (error: unknown) => console.error(explain(error)),
    );
  });
}

function isServiceOf(urls: RunningSubgraphs['urls'], name: string): name is SubgraphName {
  return Object.hasOwn(urls, name);
}

function explain(error: unknown): string {
  const { code, port } = error as { readonly code?: unknown; readonly port?: unknown };
  if (code !== 'EADDRINUSE') return `The demo cannot start: ${error instanceof Error ? error.message : String(error)}`;
  return `The demo cannot start: something listens on port ${String(port)} already. Is the demo running in another terminal?`;
}

function optionValue(name: string): string | undefined {
  const at = extra.findLastIndex((argument) => argument === name || argument.startsWith(`${name}=`));
  return at < 0 ? undefined : (extra[at]!.split('=', 2)[1] ?? extra[at + 1]);
}
