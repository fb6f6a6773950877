import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { composeSdl } from '../support/compose.js';
import { porticoCommand } from '../support/porticoCommand.js';
import { askOnce } from '../support/postGraphQL.js';

const SLOW = { timeout: 60_000, interval: 50 };

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly exit: Promise<number | null>;
  /** The address from the log, once it listens. */
  url(): Promise<string>;
}

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

function portico(...args: string[]): Started {
  const child = spawn(process.execPath, [porticoCommand, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    child,
    out: () => text,
    exit,
    url: () =>
      vi.waitFor(() => {
        const listening = /"url":"([^"]+)"/.exec(text)?.[1];
        if (listening === undefined) throw new Error(`not listening: ${text}`);
        return listening;
      }, SLOW),
  };
}

describe('portico start', { timeout: 120_000 }, () => {
  let folder: string;
  let file: string;
  let subgraph: Server;
  let delayMs = 0;
  /** Calls that the subgraph got. */
  let called = 0;
  const sdl = (url: string, fields = 'hello: String') =>
    composeSdl({ one: `type Query { ${fields} }` }).replaceAll('http://one.test/graphql', url);
  let subgraphUrl: string;

  beforeAll(async () => {
    subgraph = createServer((request, response) => {
      called++;
      request.resume().on('end', () => {
        setTimeout(() => {
          response.setHeader('content-type', 'application/json');
          response.end('{"data":{"hello":"world","bye":"moon"}}');
        }, delayMs);
      });
    });
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve));
    subgraphUrl = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/graphql`;
    folder = await mkdtemp(join(tmpdir(), 'portico-'));
    file = join(folder, 'supergraph.graphql');
  });
  afterAll(async () => {
    subgraph.closeAllConnections();
    subgraph.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = (url: string, query = '{ hello }') => askOnce(url, query);

  it('serves a file, reloads it, finishes requests on SIGTERM and exits with 0', async () => {
    delayMs = 0;
    await writeFile(file, sdl(subgraphUrl));
    const gateway = portico('start', '--supergraph', file, '--port', '0');
    const url = await gateway.url();
    expect(await ask(url)).toEqual({ data: { hello: 'world' } });
    // What applies to each subgraph, a line each.
    const lines = (): Array<Record<string, unknown>> =>
      gateway
        .out()
        .split('\n')
        .filter((line) => line.includes('"message":"Subgraph"'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    await vi.waitFor(() => expect(lines()).toHaveLength(1), SLOW);
    expect(lines()[0]).toMatchObject({
      subgraph: 'one',
      timeout: '3000 ms (connect 1000 ms)',
      retry: 'queries up to 2 attempts, at most 20 % more calls',
      circuitBreaker: 'opens at 50 % of 20 or more calls in 10000 ms, for 5000 ms',
      concurrency: '100 at a time, 50 waiting',
    });
    await writeFile(file, sdl(subgraphUrl, 'hello: String bye: String'));
    await vi.waitFor(async () => expect(await ask(url, '{ bye }')).toEqual({ data: { bye: 'moon' } }), SLOW);
    await writeFile(file, '<html>');
    await vi.waitFor(() => expect(gateway.out()).toContain('was refused'), SLOW);
    expect(await ask(url, '{ bye }')).toEqual({ data: { bye: 'moon' } });
    expect((await fetch(new URL('/ready', url))).status).toBe(200);

    delayMs = 700;
    const inFlight = ask(url, '{ late: hello }');
    await new Promise((resolve) => setTimeout(resolve, 300));
    gateway.child.kill('SIGTERM');
    expect(await inFlight).toEqual({ data: { late: 'world' } });
    expect(await gateway.exit).toBe(0);
    expect(gateway.out()).toMatch(/"message":"Stopped"/);
  });

  it.each([1, 2])('replaces one of %i serving processes that was killed', async (workers) => {
    delayMs = 0;
    await writeFile(file, sdl(subgraphUrl));
    const gateway = portico('start', '--supergraph', file, '--port', '0', '--workers', String(workers));
    const url = await gateway.url();
    const listening = () => gateway.out().match(/"message":"Listening"/g) ?? [];
    await vi.waitFor(() => expect(listening()).toHaveLength(workers), SLOW);
    process.kill(Number(/"pid":(\d+)/.exec(gateway.out())![1]), 'SIGKILL');
    // The other one, where there is one, serves on.
    if (workers > 1) expect(await ask(url)).toEqual({ data: { hello: 'world' } });
    await vi.waitFor(() => expect(listening()).toHaveLength(workers + 1), SLOW);
    expect(await ask(url)).toEqual({ data: { hello: 'world' } });
    gateway.child.kill('SIGINT');
    expect(await gateway.exit).toBe(0);
  });

  it('loses no request on SIGTERM under load: each is answered, or finds the door closed', async () => {
    delayMs = 20;
    await writeFile(file, sdl(subgraphUrl));
    const gateway = portico('start', '--supergraph', file, '--port', '0', '--workers', '2', '--no-dedupe');
    const url = await gateway.url();
    let answered = 0;
    called = 0;
    const outcomes = new Set<string>();
    const client = async (n: number): Promise<void> => {
      for (let i = 0; ; i++) {
        try {
          const response = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query: `{ a${n}: hello }` }),
          });
          outcomes.add(`${response.status} ${JSON.stringify(await response.json())}`.replace(/a\d+/, 'a'));
          answered++;
        } catch (error) {
          const { cause } = error as { cause?: { code?: string } };
          return void outcomes.add(cause?.code ?? String(error));
        }
      }
    };
    const clients = Array.from({ length: 10 }, (_, n) => client(n));
    await vi.waitFor(() => expect(answered).toBeGreaterThan(50), SLOW);
    gateway.child.kill('SIGTERM');
    await Promise.all(clients);
    // What the kernel had accepted for nobody yet is reset when the listener closes: the door was closed there as well.
    outcomes.delete('ECONNRESET');
    expect([...outcomes].sort()).toEqual(['200 {"data":{"a":"world"}}', 'ECONNREFUSED']);
    expect(answered).toBe(called);
    expect(await gateway.exit).toBe(0);
  });

  it('exits at once on a second signal', async () => {
    delayMs = 9000;
    await writeFile(file, sdl(subgraphUrl));
    const gateway = portico('start', '--supergraph', file, '--port', '0');
    const hanging = ask(await gateway.url()).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 300));
    gateway.child.kill('SIGTERM');
    await vi.waitFor(() => expect(gateway.out()).toContain('Draining'), SLOW).catch(() => {});
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(143);
    expect(await hanging).toBe('cut');
  });

  it.each([
    [
      'a file that does not exist',
      ['--supergraph', 'nowhere.graphql'],
      /^error: --supergraph: supergraph.file names a file that does not exist \(looked for .*nowhere\.graphql\)$/m,
    ],
    ['a port that is none', ['--supergraph', 'x', '--port', '70000'], /A port is a number from 0 to 65535/],
  ])('says in one line what is wrong with %s, and exits with 1', async (_name, args, message) => {
    const gateway = portico('start', '--port', '0', ...args);
    expect(await gateway.exit).toBe(1);
    expect(gateway.out()).toMatch(message);
    expect(gateway.out()).not.toMatch(/^\s+at /m);
  });
});
