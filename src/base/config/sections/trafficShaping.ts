import { z } from 'zod';

import { balancing } from './traffic/balancing.js';
import { checkBreaker, circuitBreaker } from './traffic/circuitBreaker.js';
import { concurrency } from './traffic/concurrency.js';
import { rateCeiling } from './traffic/rateCeiling.js';
import { checkRetry, retry } from './traffic/retry.js';
import { router } from './traffic/router.js';
import { sharing } from './traffic/sharing.js';
import { sockets } from './traffic/sockets.js';
import { checkTimes, DEFAULT_CONNECT_MS, DEFAULT_TIMEOUT_MS, times } from './traffic/times.js';

/** One entry per concern; each brings its settings for all subgraphs (with defaults) and for one (without). */
const all = z
  .strictObject({
    ...times.all,
    ...sharing.all,
    ...sockets.all,
    ...concurrency.all,
    ...rateCeiling.all,
    ...retry.all,
    ...circuitBreaker.all,
    ...balancing.all,
  })
  .meta({ description: 'Calls to every subgraph.' })
  .prefault({});

const one = z.strictObject({
  ...times.one,
  ...sharing.one,
  ...sockets.one,
  ...concurrency.one,
  ...rateCeiling.one,
  ...retry.one,
  ...circuitBreaker.one,
  ...balancing.one,
});

/** Time, sockets, sharing, and what happens when a subgraph is slow or fails. */
export const trafficShaping = z
  .strictObject({
    router,
    all,
    subgraphs: z
      .record(z.string(), one)
      .meta({ description: 'Calls to one subgraph, by name: what differs from `all`.' })
      .prefault({}),
  })
  .superRefine((value, context) => {
    const outer = { router: value.router.timeout, all: value.all.timeout };
    checkTimes({ path: ['all'], ...withoutDefaults(value.all) }, outer, context);
    checkRetry(['all'], value.all, value.all, context);
    checkBreaker(['all'], value.all, value.all, context);
    for (const [name, own] of Object.entries(value.subgraphs)) {
      checkRetry(['subgraphs', name], own, value.all, context);
      checkBreaker(['subgraphs', name], own, value.all, context);
      const { timeout, connect_timeout, response_header_timeout } = own;
      checkTimes({ path: ['subgraphs', name], timeout, connect_timeout, response_header_timeout }, outer, context);
    }
  })
  .meta({
    description: 'Time, sockets, what identical requests share, and what happens when a subgraph is slow or fails.',
  })
  .prefault({});

/** Defaults contradict nobody: the shorter time ends a call anyway. */
function withoutDefaults({ timeout, connect_timeout, response_header_timeout }: z.output<typeof all>) {
  return {
    timeout: timeout === DEFAULT_TIMEOUT_MS ? undefined : timeout,
    connect_timeout: connect_timeout === DEFAULT_CONNECT_MS ? undefined : connect_timeout,
    response_header_timeout,
  };
}
