import { z } from 'zod';

import { duration, size } from '../../values/quantity.js';

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

/** Sockets, and what comes over them. */
export const sockets = {
  all: {
    max_response_size: maxResponseSize.prefault('10MB'),
    connections: connections.default(100),
    keep_alive: keepAlive.prefault('4s'),
  },
  one: {
    max_response_size: maxResponseSize.optional(),
    connections: connections.optional(),
    keep_alive: keepAlive.optional(),
  },
};
