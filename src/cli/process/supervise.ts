import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import { MemoryLimiter } from '../../request/ratelimit/MemoryLimiter.js';
import type { Log, LogOptions } from '../../base/telemetry/log.js';
import type { SupergraphSource } from '../../supergraph/sources/SupergraphSource.js';
import { reportError } from '../reportError.js';
import { Listener } from './Listener.js';
import { CONFIG_VARIABLE, ORIGIN_VARIABLE } from './messages.js';
import type { PrimaryMessage, ServingMessage } from './messages.js';
import { semiSpaceMb } from './semiSpaceMb.js';
import { SharedSupergraph } from './SharedSupergraph.js';

export interface SuperviseOptions {
  /** Serving processes to keep alive. */
  readonly workers: number;
  readonly host: string;
  readonly port: number;
  /** A supergraph that the primary follows for all serving processes; absent when they look for themselves. */
  readonly source?: SupergraphSource | undefined;
  /** Of the primary's own log: what there is to say about `source`. Default `info`. */
  readonly logLevel?: LogOptions['level'];
  /** What clients get to be told, by answers and by `/ready`, that they should leave, in milliseconds. Default 1 s. */
  readonly leaveMs?: number | undefined;
  /** What a serving process gives its requests in flight after that, in milliseconds. Default 7.5 s. */
  readonly graceMs?: number | undefined;
  /** Memory for the limits that are counted for all serving processes; bytes. Default: see MemoryLimiter. */
  readonly limitBytes?: number | undefined;
  /** The configuration that the gateway starts with, as text: replacements begin with it when the file has become invalid. */
  readonly configText?: string | undefined;
}

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

/**
 * The primary: listens, shares connections out to the serving processes, replaces those that die, passes signals on. Ends with the last of
 * them.
 *
 * Exit codes: 0 after a clean shutdown; 1 when a process could not start, or requests had to be cut; 130 or 143 after a second signal.
 * Errors: those of the operating system when it cannot listen.
 */
export async function supervise({ workers, host, port, ...options }: SuperviseOptions): Promise<void> {
  process.stdout.on('error', () => {});
  const listener = new Listener();
  const origin = await listener.listen(host, port);
  const processes = new Set<ChildProcess>();
  let stopping = false;
  let everReady = false;
  let exitCode = 0;
  let failures = 0;
  let limits: MemoryLimiter | undefined;
  let { configText } = options;
  const { leaveMs = LEAVE_MS, graceMs = GRACE_MS } = options;

  const tell = (message: PrimaryMessage): void => {
    for (const child of processes) if (child.connected) child.send(message);
  };
  const killAll = (): void => {
    for (const child of processes) child.kill('SIGKILL');
  };
  const shutdown = (): void => {
    stopping = true;
    tell({ kind: 'drain' });
    setTimeout(
      () => {
        listener.close();
        tell({ kind: 'shutdown' });
      },
      everReady ? leaveMs : 0,
    );
    const killAfter = leaveMs + graceMs + KILL_MS;
    setTimeout(() => {
      exitCode = 1;
      killAll();
    }, killAfter).unref();
  };
  const onSignal = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (!stopping) return shutdown();
    killAll();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);

  const log = options.source && (await startOwnLog(options.logLevel));
  const shared = options.source && new SharedSupergraph(options.source);
  // The serving processes start meanwhile.
  shared?.start().catch((error: unknown) => {
    if (stopping) return;
    reportError(error);
    stopping = true;
    exitCode = 1;
    killAll();
  });

  await new Promise<void>((done) => {
    const start = (): void => {
      if (stopping) return;
      const startedAt = Date.now();
      const child = forkServing(origin, configText);
      processes.add(child);
      child.on('message', (message: ServingMessage) => {
        if (message.kind === 'received') return listener.received(message.id);
        if (message.kind === 'spend') {
          limits ??= new MemoryLimiter({ maxBytes: options.limitBytes });
          const spendings = limits.spend(message.groups);
          return void child.send({ kind: 'spent', id: message.id, spendings } satisfies PrimaryMessage, () => {});
        }
        if (message.kind === 'adjust') return void limits?.adjust(message.adjustments);
        if (message.kind === 'supergraph-wanted') return shared?.give(child);
        if (message.kind === 'leaving') return listener.remove(child);
        if (message.kind === 'config') return void (configText = message.text);
        everReady = true;
        listener.add(child);
      });
      child.once('exit', (code) => {
        processes.delete(child);
        listener.lost(child);
        if (stopping || !everReady) {
          // A process that cannot start has said why. Trying again would say it again.
          exitCode ||= code ?? 1;
          if (processes.size === 0) done();
          else if (!stopping) shutdown();
          return;
        }
        failures = Date.now() - startedAt > HEALTHY_MS ? 0 : failures + 1;
        const delay = failures <= 1 ? 0 : Math.min(MAX_RESTART_MS, FIRST_RESTART_MS * 2 ** failures);
        process.stderr.write(`serving process ${child.pid} ended (${code ?? 'killed'}), starting another\n`);
        setTimeout(start, delay);
      });
    };
    for (let n = 0; n < workers; n++) start();
  });
  await shared?.stop();
  await log?.close();
  process.exit(exitCode);
}

/** Loaded when there is something to say: the primary stays small. */
async function startOwnLog(level: LogOptions['level']): Promise<Log> {
  const { startLog } = await import('../../base/telemetry/log.js');
  return startLog({ level });
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
