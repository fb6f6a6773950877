import { z } from 'zod';

import { duration, size } from '../values/quantity.js';

const DEFAULT_TIMEOUT_MS = 3000;
const DEFAULT_CONNECT_MS = 1000;
const TIMEOUT = { min: '10ms', max: '10m' };

const timeout = duration(TIMEOUT).meta({
  description: 'Time of one call to a subgraph: waiting for a socket, connecting, the whole answer.',
  examples: ['2s'],
});
const connectTimeout = duration({ min: '10ms', max: '1m' }).meta({
  description: 'Time to look up the host, connect, and shake hands (TLS).',
  examples: ['500ms'],
});
const dedupe = z
  .boolean()
  .meta({ description: 'Whether identical queries in flight to a subgraph share one call.', examples: [false] });
const maxResponseSize = size({ min: '1KB', max: '1GB' }).meta({
  description: 'Largest answer of a subgraph, decompressed.',
  examples: ['50MB'],
});
const connections = z
  .int()
  .min(1)
  .max(10_000)
  .meta({ description: 'Sockets to a subgraph at most, per serving process; further calls wait.', examples: [50] });
const keepAlive = duration({ min: '100ms', max: '10m' }).meta({
  description:
    'How long an idle socket is kept. Shorter than the subgraph keeps it, so that it never closes one in use.',
  examples: ['30s'],
});
const entityBatching = z.enum(['alias', 'merge', 'off']).meta({
  description:
    'How entity fetches that are ready together are sent: `alias` as one request, `merge` only those with equal selections (for subgraphs that refuse aliases), `off` each alone.',
  examples: ['merge'],
});

const all = z
  .strictObject({
    timeout: timeout.prefault(`${DEFAULT_TIMEOUT_MS / 1000}s`),
    connect_timeout: connectTimeout.prefault(`${DEFAULT_CONNECT_MS / 1000}s`),
    dedupe: dedupe.default(true),
    max_response_size: maxResponseSize.prefault('10MB'),
    connections: connections.default(100),
    keep_alive: keepAlive.prefault('4s'),
    entity_batching: entityBatching.default('alias'),
  })
  .meta({ description: 'Calls to every subgraph.' })
  .prefault({});

const one = z.strictObject({
  timeout: timeout.optional(),
  connect_timeout: connectTimeout.optional(),
  dedupe: dedupe.optional(),
  max_response_size: maxResponseSize.optional(),
  connections: connections.optional(),
  keep_alive: keepAlive.optional(),
  entity_batching: entityBatching.optional(),
});

const router = z
  .strictObject({
    timeout: duration(TIMEOUT)
      .meta({
        description: 'Total time of a request, from its head to the last byte of the answer.',
        examples: ['30s'],
      })
      .prefault('10s'),
    dedupe: z
      .boolean()
      .meta({ description: 'Whether identical queries in flight share one execution.', examples: [false] })
      .default(true),
  })
  .meta({ description: 'Requests of clients.' })
  .prefault({});

/** Time, sockets and sharing. */
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
    // Defaults contradict nobody: the shorter time ends a call anyway.
    const places: Array<readonly [string[], Times]> = [[['all'], withoutDefaults(value.all)]];
    for (const [name, own] of Object.entries(value.subgraphs)) places.push([['subgraphs', name], own]);
    for (const [path, { timeout, connect_timeout }] of places) {
      if (timeout !== undefined && timeout > value.router.timeout) {
        const message = 'is longer than traffic_shaping.router.timeout, which ends the whole request';
        context.addIssue({ code: 'custom', path: [...path, 'timeout'], message });
      }
      if (connect_timeout !== undefined && connect_timeout > (timeout ?? value.all.timeout)) {
        const message = 'is longer than the timeout of the whole call';
        context.addIssue({ code: 'custom', path: [...path, 'connect_timeout'], message });
      }
    }
  })
  .meta({ description: 'Time, sockets, and what identical requests share.' })
  .prefault({});

interface Times {
  readonly timeout?: number | undefined;
  readonly connect_timeout?: number | undefined;
}

function withoutDefaults({ timeout, connect_timeout }: Required<Times>): Times {
  return {
    timeout: timeout === DEFAULT_TIMEOUT_MS ? undefined : timeout,
    connect_timeout: connect_timeout === DEFAULT_CONNECT_MS ? undefined : connect_timeout,
  };
}
