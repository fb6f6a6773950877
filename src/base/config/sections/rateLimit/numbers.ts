import { z } from 'zod';

import { duration } from '../../values/quantity.js';

/** Units in a window. */
export const max = z
  .int()
  .min(0)
  .max(1_000_000_000)
  .meta({
    description: 'What is let through in a window; 0 lets nothing through.',
    examples: [5],
  });

export const window = duration({ min: '1s', max: '90d' }).meta({
  description: 'The length of a window.',
  examples: ['10s'],
});

export const burst = z
  .int()
  .min(1)
  .max(1_000_000_000)
  .meta({
    description: 'For `token_bucket`: what is let through at once, after a quiet time. Default: `max`.',
    examples: [20],
  });

export const failure = z.enum(['allow', 'deny']).meta({
  description:
    'What happens when the storage cannot be asked: `allow` counts in this process meanwhile, `deny` lets nothing through (503).',
  examples: ['deny'],
});

/** What differs for a plan or a consumer. */
export const override = z
  .strictObject({
    max: max.optional(),
    burst: burst.optional(),
    unlimited: z
      .boolean()
      .meta({ description: 'Whether there is no limit at all.', examples: [true] })
      .optional(),
  })
  .superRefine(({ unlimited, max: most, burst: least }, context) => {
    if (unlimited === true && (most !== undefined || least !== undefined)) {
      context.addIssue({ code: 'custom', path: ['unlimited'], message: 'contradicts max and burst: leave one out' });
    } else if (unlimited !== true && most === undefined && least === undefined) {
      context.addIssue({ code: 'custom', message: 'needs max, burst or unlimited: true' });
    }
  });
