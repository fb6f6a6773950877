import { z } from 'zod';

import { duration } from '../../values/quantity.js';
import { headerName, outputPath, redisUrl, text } from '../../values/text.js';
import { availability } from './availability.js';

const redis = z
  .strictObject({
    url: redisUrl().meta({ description: 'The Redis.', examples: ['redis://redis:6379'] }),
    prefix: text()
      .max(100)
      .meta({
        description: 'What the names of our entries begin with. The braces keep them together in a cluster.',
        examples: ['{shop:keys}:'],
      })
      .prefault('{portico:keys}:'),
    timeout: duration({ min: '10ms', max: '5s' })
      .meta({ description: 'How long one command may take.', examples: ['50ms'] })
      .prefault('100ms'),
    on_unavailable: availability.on_unavailable,
    max_stale: availability.max_stale,
  })
  .meta({ description: 'Keeps consumers and keys in Redis. A change counts for the next request of every instance.' });

/** Keys for programs. */
export const apiKeys = z
  .strictObject({
    header: headerName()
      .meta({ description: 'The header that keys travel in.', examples: ['x-shop-key'] })
      .prefault('x-api-key'),
    pepper: text()
      .min(32)
      .meta({
        must: 'be a text of at least 32 characters',
        description:
          'A secret that keys are hashed with (HMAC-SHA-256), so that whoever reads the store cannot test keys. Changing it makes all keys invalid.',
        examples: ['${API_KEY_PEPPER}'],
      }),
    file: outputPath()
      .meta({
        description:
          'Keeps consumers and keys in this file, which is followed when it changes. Written by `portico keys`.',
        examples: ['./keys.json'],
      })
      .optional(),
    redis: redis.optional(),
    record_use: duration({ min: '1s', max: '1d' })
      .meta({
        description: 'How often the times of last use are written to the store. Without it they are not.',
        examples: ['5m'],
      })
      .optional(),
  })
  .superRefine(({ file, redis: store }, context) => {
    if ((file === undefined) !== (store === undefined)) return;
    const message = `needs exactly one of file and redis, ${file === undefined ? 'and has none' : 'but has both'}`;
    context.addIssue({ code: 'custom', message });
  })
  .meta({ description: 'API keys of consumers, made by `portico keys`. Only hashes are kept.' });
