import type { Log, LogOptions } from '../../base/telemetry/log.js';
import type { SupergraphSource } from '../../supergraph/sources/SupergraphSource.js';
import { reportError } from '../reportError.js';
import { Listener } from './Listener.js';
import { ServingProcesses } from './ServingProcesses.js';
import type { ServingOptions } from './ServingProcesses.js';
import { SharedSupergraph } from './SharedSupergraph.js';

export interface SuperviseOptions extends ServingOptions {
  /** Serving processes to keep alive. */
  readonly workers: number;
  readonly host: string;
  readonly port: number;
  /** A supergraph that the primary follows for all serving processes; absent when they look for themselves. */
  readonly source?: SupergraphSource | undefined;
  /** Of the primary's own log: what there is to say about `source`. Default `info`. */
  readonly logLevel?: LogOptions['level'];
}

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
  const shared = options.source && new SharedSupergraph(options.source);
  const processes = new ServingProcesses({ listener, origin, shared }, options);
  passSignalsOn(processes);
  const log = options.source && (await startOwnLog(options.logLevel));
  // The serving processes start meanwhile.
  shared?.start().catch((error: unknown) => {
    if (processes.isStopping) return;
    reportError(error);
    processes.giveUp();
  });
  await processes.keep(workers);
  await shared?.stop();
  await log?.close();
  process.exit(processes.exitCode);
}

function passSignalsOn(processes: ServingProcesses): void {
  const onSignal = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (!processes.isStopping) return processes.stop();
    processes.kill();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/** Loaded when there is something to say: the primary stays small. */
async function startOwnLog(level: LogOptions['level']): Promise<Log> {
  const { startLog } = await import('../../base/telemetry/log.js');
  return startLog({ level });
}
