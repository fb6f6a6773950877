import { z } from 'zod';

import { filePath } from '../values/text.js';

/** A page for trying out the graph. */
export const playground = z
  .strictObject({
    enabled: z
      .boolean()
      .meta({
        description:
          'Whether the page is served at `/`, and to browsers that open the endpoint. It needs `introspection` to know the schema.',
        examples: [true],
      })
      .default(false),
    examples: filePath()
      .meta({
        description: 'A GraphQL file whose operations are the tabs of the page.',
        examples: ['./examples.graphql'],
      })
      .optional(),
  })
  .superRefine(({ enabled, examples }, context) => {
    if (enabled || examples === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['examples'],
      message: 'has no effect while playground.enabled is false',
    });
  })
  .meta({ description: 'A page for trying out the graph (GraphiQL). Not for the public.' })
  .prefault({});
