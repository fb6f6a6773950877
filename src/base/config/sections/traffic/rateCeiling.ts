import { z } from 'zod';

import { duration } from '../../values/quantity.js';
import { failure } from '../rateLimit/numbers.js';

const ceiling = z
  .strictObject({
    enabled: z
      .boolean()
      .meta({ description: 'Whether there is one; false takes back what `all` says.', examples: [false] })
      .default(true),
    capacity: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .meta({ description: 'Calls in any stretch of `interval`, retries among them.', examples: [500] })
      .optional(),
    interval: duration({ min: '100ms', max: '1d' })
      .meta({ description: 'How long that stretch is.', examples: ['1s'] })
      .optional(),
    on_store_failure: failure.optional(),
  })
  .superRefine(({ enabled, capacity, interval }, context) => {
    if (!enabled || (capacity !== undefined && interval !== undefined)) return;
    const missing = [capacity === undefined && 'capacity', interval === undefined && 'interval'].filter(Boolean);
    context.addIssue({ code: 'custom', message: `needs ${missing.join(' and ')}` });
  })
  .meta({
    description:
      'A ceiling that protects the subgraph whoever asks: further calls are refused at once (`SUBGRAPH_RATE_LIMITED`). Counted where `rate_limit.storage` says; each subgraph by itself. See docs/rate-limits.md.',
  })
  .optional();

/** How many calls in a stretch of time. */
export const rateCeiling = { all: { global_rate_limit: ceiling }, one: { global_rate_limit: ceiling } };
