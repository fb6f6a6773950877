import type { Adjustment, Group, Limiter, Spending } from '../../request/ratelimit/Limiter.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import type { PrimaryMessage } from './messages.js';
import { tellPrimary } from './tellPrimary.js';

interface Waiting {
  readonly resolve: (spendings: readonly Spending[]) => void;
  readonly reject: (error: PorticoError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * In one of several serving processes: the limits that the primary counts for all of them, so that N processes do not mean N times the limit.
 *
 * @param timeoutMs for its answer; then each limit does what it declares for a store that does not answer
 */
export function primaryLimiter(timeoutMs: number): Limiter {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const onMessage = (message: PrimaryMessage): void => {
    if (message.kind !== 'spent') return;
    const asked = waiting.get(message.id);
    if (asked === undefined) return;
    waiting.delete(message.id);
    clearTimeout(asked.timer);
    asked.resolve(
      message.spendings.map(({ granted, standings }) => ({
        granted,
        standings: standings.map((each) => ({ ...each, retryAfterMs: each.retryAfterMs ?? Infinity })),
      })),
    );
  };
  process.on('message', onMessage);

  return {
    spend: (groups: readonly Group[]) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const fail = (): void => {
          waiting.delete(id);
          reject(new PorticoError('STORE_UNAVAILABLE', `the primary did not count within ${timeoutMs} ms`));
        };
        const timer = setTimeout(fail, timeoutMs);
        timer.unref();
        waiting.set(id, { resolve, reject, timer });
        tellPrimary({ kind: 'spend', id, groups });
      }),
    adjust: (adjustments: readonly Adjustment[]) => tellPrimary({ kind: 'adjust', adjustments }),
    close: async () => void process.off('message', onMessage),
  };
}
