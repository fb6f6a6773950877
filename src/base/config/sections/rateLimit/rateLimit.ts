import { z } from 'zod';

import { duration, size } from '../../values/quantity.js';
import { redisUrl, text } from '../../values/text.js';
import { failure } from './numbers.js';
import { policy } from './policy.js';

const storage = z
  .strictObject({
    type: z
      .enum(['memory', 'redis'])
      .meta({
        description:
          '`memory` counts for this machine, all its serving processes together; `redis` for all gateways that share the Redis.',
        examples: ['redis'],
      })
      .default('memory'),
    max_size: size({ min: '1MB', max: '16GB' })
      .meta({
        description:
          'Memory for counters. When it is used up, whichever tenant uses most loses its counters that were used longest ago.',
        examples: ['250MB'],
      })
      .prefault('100MB'),
    instances: z
      .int()
      .min(1)
      .max(100_000)
      .meta({
        description:
          'On how many machines (or in how many containers) this gateway runs, where you know it. Nobody tells a process: with more than 1 and `memory` each counts by itself, and a warning at start says so.',
        examples: [3],
      })
      .default(1),
    urls: z
      .array(redisUrl())
      .min(1)
      .meta({
        description: 'Of the Redis server; with `cluster` of some of its nodes, with `sentinel` of the sentinels.',
        examples: [['redis://127.0.0.1:6379']],
      })
      .optional(),
    cluster: z
      .boolean()
      .meta({ description: 'Whether `urls` are nodes of a Redis Cluster.', examples: [true] })
      .default(false),
    sentinel: text()
      .meta({ description: 'The name of the server that the sentinels at `urls` watch.', examples: ['mymaster'] })
      .optional(),
    key_prefix: z
      .string()
      .regex(/^[^\s{}]{0,64}$/)
      .meta({
        must: 'be at most 64 characters without spaces and braces',
        description: 'In front of every key. Gateways with the same prefix share their limits.',
        examples: ['shop:'],
      })
      .default('portico:limit:'),
    timeout: duration({ min: '5ms', max: '5s' })
      .meta({ description: 'How long a request waits for the storage.', examples: ['50ms'] })
      .prefault('100ms'),
  })
  .superRefine(({ type, urls, cluster, sentinel }, context) => {
    const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
    if (type === 'redis' && urls === undefined)
      context.addIssue({ code: 'custom', message: 'needs urls for type: redis' });
    if (type === 'memory') {
      if (urls !== undefined) refuse('urls', 'is for type: redis');
      if (cluster) refuse('cluster', 'is for type: redis');
      if (sentinel !== undefined) refuse('sentinel', 'is for type: redis');
    }
    if (cluster && sentinel !== undefined) refuse('sentinel', 'cannot stand beside cluster: a cluster watches itself');
    if (urls !== undefined && urls.length > 1 && !cluster && sentinel === undefined) {
      refuse('urls', 'has several, which needs cluster: true or a sentinel');
    }
  })
  .meta({ description: 'Where is counted.' })
  .prefault({});

/** How often who may what. */
export const rateLimit = z
  .strictObject({
    storage,
    on_store_failure: failure.default('allow'),
    headers: z
      .boolean()
      .meta({
        description: 'Whether answers say what is left, in `RateLimit` and `RateLimit-Policy` (IETF draft).',
        examples: [false],
      })
      .default(true),
    extensions: z
      .boolean()
      .meta({ description: 'Whether answers say it in `extensions.rateLimit`, too.', examples: [true] })
      .default(false),
    policies: z
      .array(policy)
      .superRefine((policies, context) => {
        const names = new Set<string>();
        policies.forEach(({ name }, index) => {
          if (names.has(name)) {
            const message = `is used twice: ${name} is another policy already`;
            context.addIssue({ code: 'custom', path: [index, 'name'], message });
          }
          names.add(name);
        });
      })
      .meta({
        description: 'The limits, besides those that subgraphs declare by `@rateLimit`. All that apply must be met.',
      })
      .prefault([]),
  })
  .meta({
    description: 'How often fields, operations and subgraphs may be asked, and by whom. See docs/rate-limits.md.',
  })
  .prefault({});
