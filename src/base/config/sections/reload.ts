import { z } from 'zod';

import { duration } from '../values/quantity.js';

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
