import { z } from 'zod';

import { duration } from '../values/quantity.js';

/** The end of a serving process. */
export const shutdown = z
  .strictObject({
    delay: duration({ min: '0s', max: '5m' })
      .meta({
        description:
          'How long new connections are still taken after SIGTERM, while `/ready` says 503 and answers ask clients to leave: time for load balancers to notice.',
        examples: ['5s'],
      })
      .prefault('1s'),
    grace_period: duration({ min: '100ms', max: '10m' })
      .meta({ description: 'What requests in flight get after that; those left are cut.', examples: ['20s'] })
      .prefault('7500ms'),
  })
  .meta({ description: 'How the gateway stops.' })
  .prefault({});
