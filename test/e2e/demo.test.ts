import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/demo.js');
const SLOW = { timeout: 60_000, interval: 50 };

let demo: ChildProcess | undefined;
let blocker: Server | undefined;
afterEach(async () => {
  if (demo?.exitCode === null && demo.kill('SIGTERM')) await once(demo, 'exit');
  blocker?.close();
  demo = undefined;
  blocker = undefined;
});

function start(...args: string[]): { out: () => string; exit: Promise<unknown[]> } {
  demo = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  demo.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  demo.stderr!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { out: () => text, exit: once(demo, 'exit') };
}

/** Gives the server that holds the port now; undefined when somebody else does. */
async function hold(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = (await hold(0))!;
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** The demo's services have fixed ports: another demo on this machine may be running. */
async function servicePortsAreFree(): Promise<boolean> {
  const held = await Promise.all([4001, 4002, 4003, 4004].map(hold));
  for (const server of held) if (server !== undefined) await once(server.close(), 'close');
  if (!held.includes(undefined)) return true;
  const advice = 'Ports 4001 to 4004 are taken, so the demo is not tested. Stop what listens there.';
  if (process.env['CI'] === 'true') throw new Error(advice);
  console.warn(advice);
  return false;
}

describe('npm start', { timeout: 120_000 }, () => {
  it('says which port is taken, and leaves nothing behind', async () => {
    blocker = await hold(4003);
    const gatewayPort = await freePort();
    const { out, exit } = start('--port', String(gatewayPort));
    const [code] = await exit;
    expect(code).toBe(1);
    expect(out()).toMatch(/cannot start: something listens on port 400\d already/);
    await expect(fetch(`http://127.0.0.1:${gatewayPort}/health`)).rejects.toThrow('fetch failed');
  });

  it('starts the services, the gateway and the playground, greets with a command that works, and stops', async (test) => {
    if (!(await servicePortsAreFree())) return test.skip();
    const port = await freePort();
    const { out, exit } = start('--port', String(port));
    await vi.waitFor(() => expect(out()).toContain('Ctrl-C stops everything'), SLOW);
    expect(out()).toContain(`Playground   http://127.0.0.1:${port}/`);
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect(await page.text()).toContain('query FrontPage');
    // The credentials that it prints are good, and a character less is not.
    const printed = [...out().matchAll(/^ *export ([A-Z]+)=(\S+)$/gm)];
    expect(printed.map(([, name]) => name)).toEqual(['ADA', 'BRUNO', 'PROGRAM']);
    for (const [, name, credential = ''] of printed) {
      for (const [text, status] of [
        [credential, 200],
        [credential.slice(0, -1), 401],
      ] as const) {
        const who: Record<string, string> =
          name === 'PROGRAM' ? { 'x-api-key': text } : { authorization: `Bearer ${text}` };
        const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...who },
          body: '{"query":"{ me { name } }"}',
        });
        expect(answer.status).toBe(status);
        await answer.body?.cancel();
      }
    }
    const [, url, body] = /curl -s (\S+) .*?-d '([^']+)'/s.exec(out())!;
    const response = await fetch(url!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body!,
    });
    expect(await response.json()).toEqual({
      data: { topProducts: expect.arrayContaining([expect.objectContaining({ inStock: true })]) as unknown },
    });
    demo!.kill('SIGINT');
    const [code] = await exit;
    expect(code).toBe(0);
    await expect(fetch('http://127.0.0.1:4001/health')).rejects.toThrow('fetch failed');
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow('fetch failed');
  });
});
