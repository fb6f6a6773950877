import { z } from 'zod';

import { httpUrl, text } from '../values/text.js';

/** What differs between environments, by subgraph. */
export const subgraphs = z
  .record(
    text(),
    z.strictObject({
      url: httpUrl()
        .meta({
          description: 'Where the subgraph is called, instead of the URL in the supergraph.',
          examples: ['http://accounts.staging:4001/graphql'],
        })
        .optional(),
    }),
  )
  .meta({ description: 'What this environment says about a subgraph of the supergraph, by name.' })
  .prefault({});
