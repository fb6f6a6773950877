import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';

import { semiSpaceMb } from './semiSpaceMb.js';

export interface SuperviseOptions {
  /** Serving processes to keep alive. */
  readonly workers: number;
}

/** What primary and serving processes tell each other. */
export type PrimaryMessage = { readonly kind: 'shutdown' };
export type ServingMessage = { readonly kind: 'ready'; readonly port: number };
/** Environment variable by which a replacement learns the port that its predecessor got for port 0. */
export const PORT_VARIABLE = 'PORTICO_SERVING_PORT';

/** Longer than a serving process needs with its own grace; what is alive then is killed. */
const KILL_AFTER_MS = 12_000;
const FIRST_RESTART_MS = 100;
const MAX_RESTART_MS = 4000;
/** A process that served this long was healthy: the next restart is quick again. */
const HEALTHY_MS = 10_000;

/**
 * The primary: starts the serving processes, passes signals on, replaces those that die. Ends with the last of them.
 *
 * Exit codes: 0 after a clean shutdown; 1 when a process could not start, or requests had to be cut; 130 or 143 after a second signal.
 */
export async function supervise({ workers }: SuperviseOptions): Promise<void> {
  // Under tsx the loader is in execArgv. A size that the user chose wins.
  const flag = '--max-semi-space-size';
  const chosen = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].some((each) =>
    /max[-_]semi[-_]space/.test(each),
  );
  cluster.setupPrimary({ execArgv: chosen ? process.execArgv : [...process.execArgv, `${flag}=${semiSpaceMb()}`] });
  process.stdout.on('error', () => {});

  let stopping = false;
  let everReady = false;
  let exitCode = 0;
  let failures = 0;
  let port: number | undefined;

  const send = (worker: Worker): void => {
    if (worker.isConnected()) worker.send({ kind: 'shutdown' } satisfies PrimaryMessage);
  };
  const shutdown = (): void => {
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) if (worker) send(worker);
    setTimeout(() => {
      exitCode = 1;
      killAll();
    }, KILL_AFTER_MS).unref();
  };
  const killAll = (): void => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
  };
  const onSignal = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (!stopping) return shutdown();
    killAll();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);

  cluster.on('message', (_worker, message: ServingMessage) => {
    if (message.kind !== 'ready') return;
    everReady = true;
    port = message.port;
  });

  await new Promise<void>((done) => {
    const start = (): void => {
      if (stopping) return;
      const startedAt = Date.now();
      const worker = cluster.fork(port === undefined ? {} : { [PORT_VARIABLE]: port });
      worker.once('exit', (code) => {
        if (stopping || !everReady) {
          // A process that cannot start has said why. Trying again would say it again.
          stopping = true;
          exitCode ||= code ?? 1;
          if (Object.keys(cluster.workers ?? {}).length === 0) done();
          else shutdown();
          return;
        }
        failures = Date.now() - startedAt > HEALTHY_MS ? 0 : failures + 1;
        const delay = failures <= 1 ? 0 : Math.min(MAX_RESTART_MS, FIRST_RESTART_MS * 2 ** failures);
        process.stderr.write(`serving process ${worker.process.pid} ended (${code ?? 'killed'}), starting another\n`);
        setTimeout(start, delay);
      });
    };
    for (let n = 0; n < workers; n++) start();
  });
  process.exit(exitCode);
}
