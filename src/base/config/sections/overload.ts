import { z } from 'zod';

import { duration } from '../values/quantity.js';

/** What the listener does when there is too much to do. */
export const overload = z
  .strictObject({
    max_in_flight: z
      .int()
      .min(1)
      .max(100_000)
      .meta({ description: 'GraphQL requests at the same time, per serving process.', examples: [200] })
      .default(500),
    max_event_loop_lag: duration({ min: '10ms', max: '1m' })
      .meta({
        description: 'Delay of the event loop, as a median over some time, beyond which no new request is taken.',
        examples: ['200ms'],
      })
      .prefault('1s'),
    max_heap_percent: z
      .int()
      .min(10)
      .max(100)
      .meta({ description: "Share of the heap's limit in use beyond which no new request is taken.", examples: [85] })
      .default(90),
  })
  .meta({
    description:
      'When there is too much to do, new GraphQL requests are answered at once with 503, `OVERLOADED` and `Retry-After`, before their bodies are read. `/health` is answered all the same; `/ready` says 503 for 10 s after more than 100 refusals in 5 s. No class of requests goes before another.',
  })
  .prefault({});
