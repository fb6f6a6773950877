import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { Redis } from 'ioredis';

/** A Redis of a test's own, on a free port, that keeps nothing on disk. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Stops it answering without closing connections. */
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

const START_MS = 20_000;

/**
 * Whether tests with a Redis can run: `describe.skipIf(!hasRedis())`. Says so where they cannot; on a build server (`CI=true`) that is an
 * error, because nobody would notice.
 */
export function hasRedis(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true;
  const message =
    'There is no redis-server, so tests that need one do not run. Install it: apt-get install redis-server, or brew install redis';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.warn(message);
  return false;
}

/** @param more further arguments of `redis-server` */
export async function startRedis(more: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'portico-redis-'));
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
      ...more,
    ];
    const started = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    await new Promise<void>((resolve, reject) => {
      let text = '';
      const timer = globalThis.setTimeout(() => reject(new Error(`redis-server does not start: ${text}`)), START_MS);
      started.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (!/ready to accept connections/i.test(text)) return;
        clearTimeout(timer);
        resolve();
      });
      started.once('exit', () => reject(new Error(`redis-server has ended: ${text}`)));
    });
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const end = once(child, 'exit');
    child.kill('SIGKILL');
    await end;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    restart: start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Below 55,536: the bus of a cluster's node listens 10,000 above its port. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    if (port < 55_536) return port;
  }
}

/** A sentinel, as its configuration file says. It writes into that file. */
export async function startSentinel(file: string): Promise<{ close(): Promise<void> }> {
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('+monitor')) resolve();
    });
    child.once('exit', () => reject(new Error(`the sentinel has ended: ${text}`)));
  });
  return {
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const end = once(child, 'exit');
      child.kill('SIGKILL');
      await end;
    },
  };
}

/** Three nodes that share the slots. */
export async function startRedisCluster(): Promise<{ readonly nodes: readonly RedisServer[]; close(): Promise<void> }> {
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const nodes = await Promise.all([1, 2, 3].map(() => startRedis(args)));
  const close = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.close())));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  const created = spawnSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { encoding: 'utf8' });
  if (created.status !== 0) {
    await close();
    throw new Error(`No cluster: ${created.stdout}${created.stderr}`);
  }
  for (const { port } of nodes) {
    const client = new Redis(port, '127.0.0.1');
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await setTimeout(50);
    client.disconnect();
  }
  return { nodes, close };
}
