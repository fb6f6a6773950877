import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { composeSdl } from '../support/compose.js';

import { porticoCommand } from '../support/porticoCommand.js';
const SLOW = { timeout: 60_000, interval: 50 };

describe('the configuration on the command line', { timeout: 120_000 }, () => {
  let folder: string;
  let subgraph: Server;
  let subgraphs: string;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'portico-cli-'));
    subgraph = createServer((request, response) => {
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.end('{"data":{"hello":"world"}}');
    });
    await new Promise<void>((done) => subgraph.listen(0, '127.0.0.1', done));
    const { port } = subgraph.address() as AddressInfo;
    writeFileSync(join(folder, 'supergraph.graphql'), composeSdl({ one: 'type Query { hello: String }' }));
    subgraphs = `supergraph: { file: supergraph.graphql }\nsubgraphs: { one: { url: "http://127.0.0.1:${port}/" } }\n`;
  });
  afterEach(() => {
    for (const child of running.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  });
  afterAll(() => {
    subgraph.close();
    rmSync(folder, { recursive: true });
  });

  function portico(...args: string[]) {
    const child = spawn(process.execPath, [porticoCommand, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    const seen = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (seen.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (seen.err += chunk.toString()));
    const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    return { child, seen, exit };
  }

  const write = (yaml: string): void => writeFileSync(join(folder, 'portico.yaml'), yaml);

  async function ask(url: string): Promise<unknown> {
    const body = JSON.stringify({ query: '{ a: hello }' });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return response.json();
  }

  test('config validate says everything that is wrong, one line each, and exits with 1', async () => {
    write(`${subgraphs}limits: { max_depth: 0 }\nsever: {}\n`);
    const { seen, exit } = portico('config', 'validate');
    expect(await exit).toBe(1);
    expect(seen.err.split('\n')).toEqual([
      'portico.yaml:3:22: limits.max_depth must be a whole number from 1 to 200, got 0',
      'portico.yaml:4:1: sever is not a setting (did you mean server?)',
      '',
    ]);
  });

  test('config validate looks into the supergraph for the names of subgraphs', async () => {
    write(`${subgraphs}errors: { subgraphs: { two: {} } }\n`);
    const wrong = portico('config', 'validate', 'portico.yaml');
    expect(await wrong.exit).toBe(1);
    expect(wrong.seen.err).toContain('portico.yaml:3:24: errors.subgraphs.two names a subgraph that is not in the');
    write(subgraphs);
    const right = portico('config', 'validate', 'portico.yaml');
    expect(await right.exit).toBe(0);
    expect(right.seen.out).toBe('portico.yaml is valid\n');
  });

  test('config schema prints the JSON Schema', async () => {
    const { seen, exit } = portico('config', 'schema');
    expect(await exit).toBe(0);
    expect(JSON.parse(seen.out)).toMatchObject({ type: 'object', additionalProperties: false });
  });

  test('start refuses a configuration with mistakes in the same words, and exits with 1', async () => {
    write(`${subgraphs}limits: { max_depth: 0 }\nsever: {}\n`);
    const { seen, exit } = portico('start', '--config', 'portico.yaml', '--port', '0');
    expect(await exit).toBe(1);
    expect(seen.err.split('\n')).toEqual([
      'error: portico.yaml:3:22: limits.max_depth must be a whole number from 1 to 200, got 0',
      'error: portico.yaml:4:1: sever is not a setting (did you mean server?)',
      '',
    ]);
  });

  test('start without anything to serve says what to say', async () => {
    rmSync(join(folder, 'portico.yaml'), { force: true });
    const { seen, exit } = portico('start');
    expect(await exit).toBe(1);
    expect(seen.err).toMatch(
      /^error: say what to serve: --supergraph FILE, .*--config FILE; there is no portico.yaml here\n$/,
    );
  });

  test('a running gateway takes a valid change, is untouched by an invalid one, and replaces a dead process all the same', async () => {
    write(`${subgraphs}server: { path: /api }\n`);
    // It is found without --config.
    const { child, seen, exit } = portico('start', '--port', '0');
    const url = await vi.waitFor(() => {
      const found = /"url":"([^"]+)"/.exec(seen.out)?.[1];
      if (found === undefined) throw new Error(`not listening: ${seen.out}${seen.err}`);
      return found;
    }, SLOW);
    expect(url).toMatch(/\/api$/);
    const found = seen.out.split('\n').filter((line) => line.includes('portico.yaml of the working directory is used'));
    expect(found).toHaveLength(1);
    expect(await ask(url)).toEqual({ data: { a: 'world' } });

    const strict = `${subgraphs}server: { path: /api }\nlimits: { max_aliases: 0 }\n`;
    write(strict);
    await vi.waitFor(() => expect(seen.out).toContain('The configuration was replaced'), SLOW);
    expect(await ask(url)).toMatchObject({ errors: [{ extensions: { code: 'MAX_ALIASES_EXCEEDED' } }] });

    write(`${strict}sever: {}\n`);
    await vi.waitFor(() => expect(seen.out).toContain('The new configuration was refused'), SLOW);
    expect(seen.out).toContain('portico.yaml:5:1: sever is not a setting (did you mean server?)');
    expect(await ask(url)).toMatchObject({ errors: [{ extensions: { code: 'MAX_ALIASES_EXCEEDED' } }] });

    const pid = Number(/"pid":(\d+)/.exec(seen.out)![1]);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(seen.out.match(/"message":"Listening"/g)).toHaveLength(2), SLOW);
    expect(await ask(url)).toMatchObject({ errors: [{ extensions: { code: 'MAX_ALIASES_EXCEEDED' } }] });

    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });
});
