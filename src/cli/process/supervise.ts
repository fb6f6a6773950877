import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

import { Listener } from './Listener.js';
import { semiSpaceMb } from './semiSpaceMb.js';

export interface SuperviseOptions {
  /** Serving processes to keep alive. */
  readonly workers: number;
  readonly host: string;
  readonly port: number;
}

/** What the primary tells a serving process. With `connection` comes a socket. */
export type PrimaryMessage =
  | { readonly kind: 'connection'; readonly id: number }
  /** Say that you are leaving; connections still come. */
  | { readonly kind: 'drain' }
  /** No connection comes any more: finish and exit. */
  | { readonly kind: 'shutdown' };
/** What a serving process tells the primary. */
export type ServingMessage =
  | { readonly kind: 'received'; readonly id: number }
  /** It takes connections. */
  | { readonly kind: 'ready' }
  /** It takes no more. */
  | { readonly kind: 'leaving' };

/** Set for serving processes: where the primary listens for them. */
export const ORIGIN_VARIABLE = 'PORTICO_SERVING_ORIGIN';

/** What clients get to be told, by answers and by `/ready`, that they should leave. */
const LEAVE_MS = 1000;
/** Longer than a serving process needs with its own grace; what is alive then is killed. */
const KILL_AFTER_MS = 10_500;
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
export async function supervise({ workers, host, port }: SuperviseOptions): Promise<void> {
  process.stdout.on('error', () => {});
  const listener = new Listener();
  const origin = await listener.listen(host, port);
  const processes = new Set<ChildProcess>();
  let stopping = false;
  let everReady = false;
  let exitCode = 0;
  let failures = 0;

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
      everReady ? LEAVE_MS : 0,
    );
    setTimeout(() => {
      exitCode = 1;
      killAll();
    }, KILL_AFTER_MS).unref();
  };
  const onSignal = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (!stopping) return shutdown();
    killAll();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);

  await new Promise<void>((done) => {
    const start = (): void => {
      if (stopping) return;
      const startedAt = Date.now();
      const child = forkServing(origin);
      processes.add(child);
      child.on('message', (message: ServingMessage) => {
        if (message.kind === 'received') return listener.received(message.id);
        if (message.kind === 'leaving') return listener.remove(child);
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
  process.exit(exitCode);
}

function forkServing(origin: string): ChildProcess {
  // Under tsx the loader is in execArgv. A size that the user chose wins.
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
  const chosen = flags.some((flag) => /max[-_]semi[-_]space/.test(flag));
  return fork(process.argv[1]!, process.argv.slice(2), {
    execArgv: chosen ? process.execArgv : [...process.execArgv, `--max-semi-space-size=${semiSpaceMb()}`],
    env: { ...process.env, [ORIGIN_VARIABLE]: origin },
  });
}
