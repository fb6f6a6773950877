import { z } from 'zod';

import { namePattern } from '../../values/text.js';
import { exactlyOne } from './exactlyOne.js';

/** Takes headers away, by name or by pattern; the same for requests and for answers, apart from which names there can be. */
export function removeRule<Name extends z.ZodType>(name: Name, example: string, description: string) {
  return z
    .strictObject({
      named: name.meta({ description: 'The header of this name.', examples: [example] }).optional(),
      matching: namePattern()
        .meta({
          description: 'All headers whose whole name matches this regular expression.',
          examples: ['x-internal-.*'],
        })
        .optional(),
    })
    .superRefine((rule, context) => void exactlyOne(rule, ['named', 'matching'], context))
    .meta({ description });
}
