import { z } from 'zod';

import { duration } from '../../values/quantity.js';
import { TIMEOUT } from './times.js';

/** Requests of clients. */
export const router = z
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
