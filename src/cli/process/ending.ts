import type { Config } from '../../base/config/configSchema.js';
import { notices } from '../../base/telemetry/channels.js';
import type { Log } from '../../base/telemetry/log.js';
import type { HttpServer } from '../../edge/http/createHttpServer.js';
import type { ConfiguredServer } from './configuredServer.js';
import type { PrimaryMessage } from './messages.js';
import { tellPrimary } from './tellPrimary.js';

/** After a signal the primary says when to stop. When it has not this long after its time, the signal was for this process alone. */
const ALONE_MS = 1000;
/** Exit is certain: whatever still hangs this long after the grace period is abandoned. */
const EXIT_MS = 1000;

/** How this process ends: once, and for certain. */
export interface Ending {
  /** From now on there may be requests to finish. */
  hasStarted(): void;
  /** Ends it with this exit code: at once while it starts, else after the requests in flight; with 1 when some had to be cut. */
  begin(code: number): Promise<void>;
}

export function createEnding(
  { server, http }: ConfiguredServer,
  log: Log,
  { gracePeriod }: Config['shutdown'],
): Ending {
  let started = false;
  let ending = false;
  return {
    hasStarted() {
      started = true;
    },
    async begin(code) {
      if (ending) return;
      ending = true;
      setTimeout(() => process.exit(1), gracePeriod + EXIT_MS).unref();
      if (!started) process.exit(code);
      tellPrimary({ kind: 'leaving' });
      notices.publish({ level: 'info', message: 'Draining' });
      const cut = await http.close(gracePeriod);
      await server.stop();
      notices.publish({ level: cut === 0 ? 'info' : 'warn', message: 'Stopped', details: { requestsCut: cut } });
      await log.close();
      process.exit(cut === 0 ? code : 1);
    },
  };
}

/**
 * Signals mean the same as the primary's messages: a terminal sends Ctrl-C to both. A second one is the primary's to act upon.
 * When the primary has died nobody would replace or stop this process, so it stops as well.
 */
export function endWhenAsked(http: HttpServer, ending: Ending, { delay }: Config['shutdown']): void {
  const drain = (): void => void http.drain(0);
  const end = (): void => void ending.begin(0);
  process.on('message', (message: PrimaryMessage) => {
    if (message.kind === 'drain') drain();
    if (message.kind === 'shutdown') end();
  });
  const onSignal = (): void => {
    drain();
    setTimeout(end, delay + ALONE_MS).unref();
  };
  process.on('disconnect', end).on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

export function endAfterFaults(ending: Ending): void {
  process.on('unhandledRejection', (error) =>
    notices.publish({ level: 'error', message: 'Unhandled rejection', error }),
  );
  process.on('uncaughtException', (error) => {
    // What it has left behind is unknown: this process finishes its requests and is replaced.
    notices.publish({ level: 'error', message: 'Uncaught exception, the process will be replaced', error });
    void ending.begin(1);
  });
}
