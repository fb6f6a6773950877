import { z } from 'zod';

const dedupe = z
  .boolean()
  .meta({ description: 'Whether identical queries in flight to a subgraph share one call.', examples: [false] });
const entityBatching = z.enum(['alias', 'merge', 'off']).meta({
  description:
    'How entity fetches that are ready together are sent: `alias` as one request, `merge` only those with equal selections (for subgraphs that refuse aliases), `off` each alone.',
  examples: ['merge'],
});

/** What calls share. */
export const sharing = {
  all: { dedupe: dedupe.default(true), entity_batching: entityBatching.default('alias') },
  one: { dedupe: dedupe.optional(), entity_batching: entityBatching.optional() },
};
