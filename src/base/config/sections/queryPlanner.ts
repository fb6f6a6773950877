import { z } from 'zod';

import { duration, size } from '../values/quantity.js';
import { outputPath } from '../values/text.js';

/** Planning. */
export const queryPlanner = z
  .strictObject({
    cache_size: size({ min: '1MB', max: '4GB' })
      .meta({ description: 'Memory for plans, per serving process.', examples: ['256MB'] })
      .prefault('64MiB'),
    timeout: duration({ min: '100ms', max: '5m' })
      .meta({
        description:
          'How long one plan may take; the operation is then refused, and for a minute at once. Shorter than a request may take, so that the client learns the cause.',
        examples: ['2s'],
      })
      .prefault('5s'),
    workers: z
      .int()
      .min(1)
      .max(64)
      .meta({ description: 'Plans made at the same time, each on a thread of its own.', examples: [4] })
      .default(2),
    expose: z
      .boolean()
      .meta({
        description:
          'Whether a request with the header `portico-expose-query-plan: true` gets its plan. Plans show how the graph is cut.',
        examples: [true],
      })
      .default(false),
    warmup: z
      .strictObject({
        operations: z
          .int()
          .min(0)
          .max(1000)
          .meta({
            description: 'How many of the hottest operations are planned before a new supergraph serves.',
            examples: [500],
          })
          .default(100),
        file: outputPath()
          .meta({
            description: 'Keeps the hottest operations over a restart. Written at shutdown.',
            examples: ['/var/lib/portico/warmup.json'],
          })
          .optional(),
      })
      .superRefine(({ operations, file }, context) => {
        if (operations > 0 || file === undefined) return;
        const message = 'has no effect while query_planner.warmup.operations is 0';
        context.addIssue({ code: 'custom', path: ['file'], message });
      })
      .meta({ description: 'Planning ahead.' })
      .prefault({}),
  })
  .meta({ description: 'Planning.' })
  .prefault({});
