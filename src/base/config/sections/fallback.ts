import { z } from 'zod';

import { FALLBACK_TRIGGERS } from '../../errors/fallbackTrigger.js';
import { duration, size } from '../values/quantity.js';
import { httpUrl } from '../values/text.js';

const MAX_STALE = { min: '1s', max: '7d' };

const on = z
  .array(z.enum(FALLBACK_TRIGGERS as [string, ...string[]]))
  .meta({
    description:
      'When: `CIRCUIT_OPEN` the subgraph was not asked, `TIMEOUT` it did not answer in time, `ERROR` it failed otherwise. An empty list is never.',
    examples: [['CIRCUIT_OPEN', 'TIMEOUT']],
  })
  .prefault([...FALLBACK_TRIGGERS]);

const maxStale = duration(MAX_STALE).meta({
  description: 'How old a last good answer may be that stands in. Goes before `field` and `value`.',
  examples: ['5m'],
});

const coordinate = z
  .strictObject({
    value: z
      .unknown()
      .meta({
        must: 'be JSON that fits the type',
        description:
          'The value that stands in: any JSON that fits the type. Of a type: a value for each field it covers.',
        examples: [0],
      })
      .optional(),
    field: z
      .string()
      .regex(/^[_A-Za-z]\w*$/)
      .meta({
        must: 'be the name of a field',
        description: 'Another field of the same type that is asked instead. Goes before `value`.',
        examples: ['cachedPrice'],
      })
      .optional(),
    max_stale: maxStale.optional(),
    on,
  })
  .superRefine(({ value, field, max_stale, on: triggers }, context) => {
    if (value !== undefined || field !== undefined || max_stale !== undefined || triggers.length === 0) return;
    context.addIssue({
      code: 'custom',
      message: 'says nothing that could stand in: give it max_stale, field or value',
    });
  });

const subgraph = z
  .strictObject({
    url: httpUrl()
      .meta({
        description: 'Another endpoint of the subgraph, asked when its own has failed. Queries only.',
        examples: ['http://reviews-replica:4003/graphql'],
      })
      .optional(),
    max_stale: maxStale.optional(),
    on,
  })
  .superRefine(({ url, max_stale }, context) => {
    if (url !== undefined || max_stale !== undefined) return;
    context.addIssue({ code: 'custom', message: 'says nothing that could stand in: give it url or max_stale' });
  });

/** What stands in for what cannot be had. */
export const fallback = z
  .strictObject({
    coordinates: z
      .record(z.string(), coordinate)
      .meta({ description: 'By field (`Product.price`) or type (`Product`); goes before `@fallback` of the same.' })
      .prefault({}),
    subgraphs: z
      .record(z.string(), subgraph)
      .meta({ description: 'For everything that one subgraph is asked, by name.' })
      .prefault({}),
    max_size: size({ min: '64KB', max: '1GB' })
      .meta({ description: 'Memory for last good answers, per serving process.', examples: ['64MB'] })
      .prefault('16MB'),
  })
  .meta({
    description:
      'What stands in for a field that cannot be had, besides what subgraphs declare with `@fallback`. Answers say so in `extensions.degraded` and the header `portico-degraded`.',
  })
  .prefault({});
