import { z } from 'zod';

const max = z
  .int()
  .min(1)
  .max(100_000)
  .meta({
    description: 'Calls to the subgraph at the same time, per serving process.',
    examples: [20],
  });
const queue = z
  .int()
  .min(0)
  .max(100_000)
  .meta({
    description: 'Calls that may wait for a place; they wait within their `timeout`. Further ones are refused at once.',
    examples: [0],
  });
const description = 'How many calls at a time (bulkhead): a slow subgraph takes its share and no more.';

/** Places for calls. */
export const concurrency = {
  all: {
    concurrency: z
      .strictObject({ max: max.default(100), queue: queue.default(50) })
      .meta({ description })
      .prefault({}),
  },
  one: {
    concurrency: z.strictObject({ max: max.optional(), queue: queue.optional() }).meta({ description }).optional(),
  },
};
