import type { Clock } from '../../base/kit/Clock.js';
import { Lifetime } from '../../base/kit/Lifetime.js';
import { messageOf } from '../../base/kit/messageOf.js';

/** Asks an endpoint whether it is well; rejects when it is not. Must end with its lifetime. */
export type Probe = (lifetime: Lifetime) => Promise<void>;

export interface ProberOptions {
  /** From the end of one probe to the start of the next, give or take a tenth, so that gateways do not ask in step. Milliseconds. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** The probe to use now; undefined for none. */
  readonly current: () => Probe | undefined;
  readonly onResult: (isHealthy: boolean, reason: string) => void;
}

/** Probes one endpoint again and again, one probe at a time; the first at once. Never keeps the process alive. */
export function startProber(options: ProberOptions): { stop(): void } {
  const { intervalMs, timeoutMs, clock, random, current, onResult } = options;
  let isStopped = false;
  let cancel: () => void;
  let running: Lifetime | undefined;

  const run = async (): Promise<void> => {
    const lifetime = new Lifetime(timeoutMs);
    running = lifetime;
    let problem: string | undefined;
    try {
      await current()?.(lifetime);
    } catch (error) {
      problem = lifetime.ended === 'deadline' ? `no answer within ${timeoutMs} ms` : describe(error);
    }
    lifetime.close();
    running = undefined;
    if (isStopped) return;
    onResult(problem === undefined, problem ?? '');
    cancel = clock.schedule(() => void run(), intervalMs * (0.9 + 0.2 * random()));
  };
  cancel = clock.schedule(() => void run(), 0);
  return {
    stop() {
      isStopped = true;
      cancel();
      running?.end('cancelled');
    },
  };
}

function describe(error: unknown): string {
  return messageOf(error);
}
