import { z } from 'zod';

import { text } from '../values/text.js';

const mask = z.boolean().meta({
  description: "Whether clients get a general sentence instead of the subgraph's message. The log has the message.",
  examples: [false],
});
const allowExtensions = z
  .array(
    text()
      .refine((key) => key !== 'http' && key !== '__proto__')
      .meta({ must: 'be the name of an extension; http never passes, it would set the status of the whole answer' }),
  )
  .meta({ description: "Extensions of subgraphs' errors that clients get.", examples: [['code', 'argument']] });

/** What clients get of errors. */
export const errors = z
  .strictObject({
    mask: mask.default(true),
    allow_extensions: allowExtensions.prefault(['code']),
    suggestions: z
      .boolean()
      .meta({
        description:
          'Whether validation errors name fields and types that the client may have meant. They tell the schema to anybody who guesses.',
        examples: [true],
      })
      .default(false),
    subgraphs: z
      .record(z.string(), z.strictObject({ mask: mask.optional(), allow_extensions: allowExtensions.optional() }))
      .meta({ description: 'Errors of one subgraph, by name: what differs.' })
      .prefault({}),
  })
  .meta({ description: 'What clients get of errors.' })
  .prefault({});
