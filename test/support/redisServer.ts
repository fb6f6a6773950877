import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import { describe } from 'vitest';

const INSTALL = 'apt-get install -y redis-server';

/** `describe` for suites that need Redis. Without it they are skipped, loudly; with `CI=true` they fail. */
// oxlint-disable-next-line vitest/valid-describe-callback -- it takes `skipIf` for a suite
export const describeWithRedis = describe.skipIf(isMissing());

function isMissing(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return false;
  const message = `redis-server is not installed: ${INSTALL}`;
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(`\n  SKIPPED: ${message}\n`);
  return true;
}

/** A Redis of the test's own. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, args: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#args = args;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  static async start(args: readonly string[] = []): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'portico-redis-'));
    const server = new RedisServer(await freePort(), folder, args);
    await server.run();
    return server;
  }

  /** Starts it, again after `kill`. Data is gone then. */
  async run(): Promise<void> {
    const fixed = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', [...fixed, '--dir', this.#folder, ...this.#args], { stdio: 'ignore' });
    this.#process = child;
    await answers(this.port);
  }

  /** It keeps its connections and says nothing more. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Three nodes that share the slots. */
export async function startRedisCluster(): Promise<{ readonly nodes: readonly RedisServer[]; stop(): Promise<void> }> {
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const nodes = await Promise.all([1, 2, 3].map(() => RedisServer.start(args)));
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const created = spawnSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { encoding: 'utf8' });
  if (created.status !== 0) {
    await stop();
    throw new Error(`No cluster: ${created.stdout}${created.stderr}`);
  }
  for (const { port } of nodes) {
    const client = new Redis(port, '127.0.0.1');
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await pause();
    client.disconnect();
  }
  return { nodes, stop };
}

async function answers(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.ping();
  client.disconnect();
}

/** Below 55,536, because the bus of a cluster node listens 10,000 above its port. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    if (port < 55_536) return port;
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 50));
}
