import { z } from 'zod';

import { duration } from '../values/quantity.js';

/** The end of a serving process. */
export const shutdown = z
  .strictObject({
    delay: duration({ min: '0s', max: '5m' })
      .meta({
        description:
          'How long requests are still accepted after SIGTERM, while `/ready` says 503: time for load balancers to notice.',
        examples: ['5s'],
      })
      .prefault('0s'),
    grace_period: duration({ min: '100ms', max: '10m' })
      .meta({ description: 'What requests in flight get after that; those left are cut.', examples: ['20s'] })
      .prefault('8500ms'),
  })
  .meta({ description: 'How the gateway stops.' })
  .prefault({});

/** Changes while it runs. */
export const reload = z
  .strictObject({
    watch: z
      .boolean()
      .meta({
        description: 'Whether this file and the supergraph file are watched and read again when they change.',
        examples: [false],
      })
      .default(true),
    drain_timeout: duration({ min: '0s', max: '10m' })
      .meta({
        description:
          'How long a replaced supergraph waits for requests that were validated on it and are not executing yet.',
        examples: ['30s'],
      })
      .prefault('10s'),
  })
  .meta({ description: 'What happens when files change.' })
  .prefault({});

/** What is told. */
export const telemetry = z
  .strictObject({
    logging: z
      .strictObject({
        level: z
          .enum(['debug', 'info', 'warn', 'error', 'silent'])
          .meta({ description: 'Least level of a line. `info` has one line per request.', examples: ['warn'] })
          .default('info'),
      })
      .meta({ description: 'The log: JSON lines on standard output.' })
      .prefault({}),
  })
  .meta({ description: 'What the gateway tells about itself.' })
  .prefault({});
