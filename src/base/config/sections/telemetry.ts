import { z } from 'zod';

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
