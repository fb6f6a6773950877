import { z } from 'zod';

import { filePath, headerName, headerValue, text } from '../values/text.js';

const identity = z.strictObject({
  name: text().meta({ description: 'What the page calls it.', examples: ['Ada'] }),
  headers: z
    .record(headerName(), headerValue())
    .meta({ description: 'Sent with each request.', examples: [{ authorization: 'Bearer ${ADA_TOKEN}' }] }),
});

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
    identities: z
      .array(identity)
      .meta({
        description:
          'Callers to choose from on the page, besides nobody. **Whoever opens the page gets their credentials**: for demos and development.',
        examples: [[{ name: 'Ada', headers: { authorization: 'Bearer ${ADA_TOKEN}' } }]],
      })
      .prefault([]),
  })
  .superRefine(({ enabled, examples, identities }, context) => {
    const message = 'has no effect while playground.enabled is false';
    if (!enabled && examples !== undefined) context.addIssue({ code: 'custom', path: ['examples'], message });
    if (!enabled && identities.length > 0) context.addIssue({ code: 'custom', path: ['identities'], message });
    const names = identities.map(({ name }) => name);
    const twice = names.findIndex((name, at) => names.indexOf(name) < at);
    if (twice < 0) return;
    const path = ['identities', twice, 'name'];
    context.addIssue({ code: 'custom', path, message: 'is the name of another identity already' });
  })
  .meta({ description: 'A page for trying out the graph (GraphiQL). Not for the public.' })
  .prefault({});
