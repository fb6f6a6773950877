import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Lab } from '../lab.js';
import { spawnPinned, stopGroup, type Core } from '../measure/spawnPinned.js';
import type { GatewayDefinition } from './definitions.js';

/** An answer as the benchmark compares it. */
export interface GatewayAnswer {
  readonly status: number;
  readonly text: string;
}

/** A gateway that answers. */
export class RunningGateway {
  readonly definition: GatewayDefinition;
  readonly port: number;
  readonly pid: number;
  #child: ChildProcess;
  #log: string;

  private constructor(definition: GatewayDefinition, port: number, child: ChildProcess, log: string) {
    this.definition = definition;
    this.port = port;
    this.pid = child.pid ?? 0;
    this.#child = child;
    this.#log = log;
  }

  /**
   * Starts a gateway and waits until it answers a query.
   *
   * @param core - `gateway` for measurements on one processor, `any` for the whole machine.
   * @param env - added to the environment.
   * @throws when it is not to be had or does not answer within 40 seconds; the message says why.
   */
  static async start(
    definition: GatewayDefinition,
    lab: Lab,
    core: Core,
    env: Readonly<Record<string, string>> = {},
  ): Promise<RunningGateway> {
    const port = await freePort();
    const { command, cwd, env: own } = await definition.command(lab, port);
    const log = join(lab.folder, `${definition.id}.log`);
    const file = openSync(log, 'w');
    const options = { core, log: file, env: { ...own, ...env }, ...(cwd === undefined ? {} : { cwd }) };
    const gateway = new RunningGateway(definition, port, spawnPinned(command, options), log);
    closeSync(file);
    for (let tries = 0; tries < 400; tries++) {
      if (gateway.#child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
      const answer = await gateway.post('{"query":"query Ping { __typename }"}').catch(() => undefined);
      if (answer !== undefined && answer.status === 200 && answer.text.includes('"Query"')) return gateway;
    }
    await gateway.stop();
    throw new Error(`did not start: ${gateway.logTail()}`);
  }

  async post(json: string, headers: Readonly<Record<string, string>> = {}): Promise<GatewayAnswer> {
    const response = await fetch(`http://127.0.0.1:${this.port}${this.definition.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: json,
      signal: AbortSignal.timeout(20_000),
    });
    return { status: response.status, text: await response.text() };
  }

  /** The end of what it printed, in one line. */
  logTail(): string {
    return readFileSync(this.#log, 'utf8').trim().split('\n').slice(-4).join(' | ').slice(-400);
  }

  async stop(): Promise<void> {
    await stopGroup(this.#child);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
