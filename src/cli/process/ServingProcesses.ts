import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import { MemoryLimiter } from '../../request/ratelimit/MemoryLimiter.js';
import type { Listener } from './Listener.js';
import { CONFIG_VARIABLE, ORIGIN_VARIABLE } from './messages.js';
import type { PrimaryMessage, ServingMessage } from './messages.js';
import { semiSpaceMb } from './semiSpaceMb.js';
import type { SharedSupergraph } from './SharedSupergraph.js';

/** The system bounds what an environment variable may hold (Linux: 128 KiB). */
const MAX_CONFIG_CHARACTERS = 100_000;

const LEAVE_MS = 1000;
const GRACE_MS = 7500;
/** Longer than a serving process needs to exit after its grace; what is alive then is killed. */
const KILL_MS = 2000;
const FIRST_RESTART_MS = 100;
const MAX_RESTART_MS = 4000;
/** A process that served this long was healthy: the next restart is quick again. */
const HEALTHY_MS = 10_000;

/** What the primary has for its serving processes. */
interface Supplies {
  readonly listener: Listener;
  readonly origin: string;
  readonly shared: SharedSupergraph | undefined;
}

export interface ServingOptions {
  /** What clients get to be told, by answers and by `/ready`, that they should leave, in milliseconds. Default 1 s. */
  readonly leaveMs?: number | undefined;
  /** What a serving process gives its requests in flight after that, in milliseconds. Default 7.5 s. */
  readonly graceMs?: number | undefined;
  /** Memory for the limits that are counted for all serving processes; bytes. Default: see MemoryLimiter. */
  readonly limitBytes?: number | undefined;
  /** The configuration that the gateway starts with, as text: replacements begin with it when the file has become invalid. */
  readonly configText?: string | undefined;
}

/** The serving processes of a primary: kept alive, heard, and stopped. */
export class ServingProcesses {
  /** Of the primary, when they have ended: not 0 when one of them could not start, or requests had to be cut. */
  exitCode = 0;
  readonly #supplies: Supplies;
  readonly #leaveMs: number;
  readonly #graceMs: number;
  readonly #limitBytes: number | undefined;
  readonly #running = new Set<ChildProcess>();
  /** The configuration that the next one begins with when the file has become invalid. */
  #configText: string | undefined;
  /** Made when the first asks: most gateways limit nothing. */
  #limits: MemoryLimiter | undefined;
  #isStopping = false;
  #wasReady = false;
  /** Processes in a row that ended soon after their start. */
  #failures = 0;
  #ended = (): void => {};

  constructor(supplies: Supplies, { leaveMs = LEAVE_MS, graceMs = GRACE_MS, limitBytes, configText }: ServingOptions) {
    this.#supplies = supplies;
    this.#leaveMs = leaveMs;
    this.#graceMs = graceMs;
    this.#limitBytes = limitBytes;
    this.#configText = configText;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Starts so many and replaces those that die. Resolves when all have ended for good. */
  keep(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#ended = resolve;
      for (let n = 0; n < count; n++) this.#start();
    });
  }

  /** They say that they leave, finish their requests, and end; what is alive after that is killed. */
  stop(): void {
    this.#isStopping = true;
    this.#tell({ kind: 'drain' });
    setTimeout(
      () => {
        this.#supplies.listener.close();
        this.#tell({ kind: 'shutdown' });
      },
      this.#wasReady ? this.#leaveMs : 0,
    );
    setTimeout(() => this.giveUp(), this.#leaveMs + this.#graceMs + KILL_MS).unref();
  }

  /** Ends them at once, as a failure. */
  giveUp(): void {
    this.#isStopping = true;
    this.exitCode = 1;
    this.kill();
  }

  kill(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  #tell(message: PrimaryMessage): void {
    for (const child of this.#running) if (child.connected) child.send(message);
  }

  #start(): void {
    if (this.#isStopping) return;
    const startedAt = Date.now();
    const child = forkServing(this.#supplies.origin, this.#configText);
    this.#running.add(child);
    child.on('message', (message: ServingMessage) => this.#hear(child, message));
    child.once('exit', (code) => {
      this.#running.delete(child);
      this.#supplies.listener.lost(child);
      if (this.#isStopping || !this.#wasReady) return this.#endWith(code);
      const isHealthy = Date.now() - startedAt > HEALTHY_MS;
      this.#failures = isHealthy ? 0 : this.#failures + 1;
      process.stderr.write(`serving process ${child.pid} ended (${code ?? 'killed'}), starting another\n`);
      setTimeout(() => this.#start(), restartDelayMs(this.#failures));
    });
  }

  /** A process that cannot start has said why. Trying again would say it again. */
  #endWith(code: number | null): void {
    this.exitCode ||= code ?? 1;
    if (this.#running.size === 0) this.#ended();
    else if (!this.#isStopping) this.stop();
  }

  #hear(child: ChildProcess, message: ServingMessage): void {
    const { listener, shared } = this.#supplies;
    switch (message.kind) {
      case 'ready':
        this.#wasReady = true;
        return listener.add(child);
      case 'received':
        return listener.received(message.id);
      case 'leaving':
        return listener.remove(child);
      case 'supergraph-wanted':
        return shared?.give(child);
      case 'config':
        this.#configText = message.text;
        return;
      case 'spend': {
        this.#limits ??= new MemoryLimiter({ maxBytes: this.#limitBytes });
        const spendings = this.#limits.spend(message.groups);
        child.send({ kind: 'spent', id: message.id, spendings } satisfies PrimaryMessage, () => {});
        return;
      }
      case 'adjust':
        this.#limits?.adjust(message.adjustments);
    }
  }
}

function restartDelayMs(failures: number): number {
  return failures <= 1 ? 0 : Math.min(MAX_RESTART_MS, FIRST_RESTART_MS * 2 ** failures);
}

function forkServing(origin: string, configText: string | undefined): ChildProcess {
  // Under tsx the loader is in execArgv. A size that the user chose wins.
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
  const chosen = flags.some((flag) => /max[-_]semi[-_]space/.test(flag));
  return fork(process.argv[1]!, process.argv.slice(2), {
    execArgv: chosen ? process.execArgv : [...process.execArgv, `--max-semi-space-size=${semiSpaceMb()}`],
    env: {
      ...process.env,
      [ORIGIN_VARIABLE]: origin,
      ...(configText !== undefined && configText.length <= MAX_CONFIG_CHARACTERS && { [CONFIG_VARIABLE]: configText }),
    },
  });
}
