import { PorticoError } from '../../base/errors/PorticoError.js';
import { rateCeilingRejections } from '../../base/telemetry/channels.js';
import type { SubgraphClient } from '../SubgraphClient.js';

import type { RateMeter } from './RateMeter.js';

/**
 * Sends no more calls than a ceiling allows; what is too much is refused at once and waits for nothing.
 *
 * Errors: SUBGRAPH_RATE_LIMITED, RATE_LIMITER_UNAVAILABLE. Neither is repeated, and neither counts against the subgraph: nothing was sent.
 *
 * HOT: no promise of its own where is counted in this process.
 */
export function withRateCeiling(next: SubgraphClient, meter: RateMeter): SubgraphClient {
  const { name } = next;
  return {
    name,
    execute(call) {
      const taken = meter.take();
      if (taken === undefined) return next.execute(call);
      if (typeof taken === 'number') return Promise.reject(refuse(name, taken));
      return taken.then((waitMs) => {
        if (waitMs !== undefined) throw refuse(name, waitMs);
        return next.execute(call);
      });
    },
    close: () => next.close(),
  };
}

function refuse(subgraph: string, retryInMs: number): PorticoError {
  if (rateCeilingRejections.hasSubscribers) rateCeilingRejections.publish({ subgraph, retryInMs });
  return new PorticoError(
    'SUBGRAPH_RATE_LIMITED',
    `${subgraph} has had all calls of its ceiling, this one was not sent`,
    {
      details: { subgraph, retryInMs: Math.round(retryInMs) },
    },
  );
}
