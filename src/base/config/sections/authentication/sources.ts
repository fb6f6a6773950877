import { z } from 'zod';

import { headerName, text } from '../../values/text.js';

const source = z
  .strictObject({
    header: headerName()
      .meta({ description: 'The header of this name.', examples: ['authorization'] })
      .optional(),
    prefix: z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]*$/)
      .meta({
        must: "be the word before the token, such as Bearer, or '' for none",
        description:
          "The word before the token, in any case, with spaces after it. `''`: the value is the token. With `header` only.",
        examples: ['JWT'],
      })
      .prefault('Bearer'),
    ignore_other_prefixes: z
      .boolean()
      .meta({
        description:
          'Whether a value with another first word (`Basic …`) is none of ours. Otherwise it is a bad credential.',
        examples: [true],
      })
      .default(false),
    cookie: text()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
      .meta({ must: 'be the name of a cookie', description: 'The cookie of this name.', examples: ['session'] })
      .optional(),
  })
  .superRefine(({ header, cookie }, context) => {
    if ((header === undefined) !== (cookie === undefined)) return;
    const message = `needs exactly one of header and cookie, ${header === undefined ? 'and has none' : 'but has both'}`;
    context.addIssue({ code: 'custom', message });
  });

/** Where tokens are looked for. */
export const tokenSources = z
  .array(source)
  .min(1)
  .meta({
    must: 'be a list of at least one place',
    description:
      'Where tokens (`jwt`, `introspection`) are looked for, in this order. Never in the URL: URLs are logged.',
    examples: [[{ header: 'authorization', prefix: 'Bearer' }, { cookie: 'session' }]],
  })
  .prefault([{ header: 'authorization' }]);
