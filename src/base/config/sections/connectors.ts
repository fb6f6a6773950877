import { z } from 'zod';

import { filePath, httpUrl, text } from '../values/text.js';

const maxRequests = () =>
  z
    .int()
    .min(1)
    .max(100_000)
    .meta({ description: 'Requests of one operation to one source; look-ups beyond them fail.', examples: [200] });

const source = z.strictObject({
  override_url: httpUrl()
    .meta({
      description: 'Instead of the `baseURL` in the SDL. Its path is the beginning of every path.',
      examples: ['http://inventory.staging:4004/api'],
    })
    .optional(),
  config: z
    .record(text(), z.union([z.string(), z.number(), z.boolean()]))
    .meta({
      must: 'be a map of names to texts, numbers and booleans',
      description: 'What `$config` has: keys and addresses that do not belong into SDL. `${VAR}` and `${file:…}` work.',
      examples: [{ apiKey: '${INVENTORY_KEY}' }],
    })
    .prefault({}),
  max_requests_per_operation: maxRequests().optional(),
  openapi: z
    .strictObject({
      file: filePath().meta({ description: 'The document, OpenAPI 3.0 or 3.1.', examples: ['./stock/openapi.yaml'] }),
      validate_responses: z
        .enum(['error', 'warn'])
        .meta({
          description:
            '`error`: an answer that does not fit is as good as none, and the field has an error. `warn`: it is used, and the log says so.',
          examples: ['warn'],
        })
        .default('error'),
    })
    .meta({ description: 'Holds every answer of the source against its OpenAPI document. Default: nobody looks.' })
    .optional(),
});

/** REST connectors. */
export const connectors = z
  .strictObject({
    max_requests_per_operation: maxRequests().default(1000),
    parallel: z
      .int()
      .min(1)
      .max(1000)
      .meta({
        description: 'Requests of one fetch at the same time, where a connector takes no batches.',
        examples: [50],
      })
      .default(20),
    environment: z
      .array(text())
      .meta({
        description: 'Names that `$env` may read. No others: SDL comes from many hands.',
        examples: [['INVENTORY_REGION']],
      })
      .default([]),
    sources: z
      .record(text(), source)
      .meta({
        description:
          'What differs for one source, by subgraph and source: `inventory.api` for `@source(name: "api")` of the subgraph `inventory`; the subgraph alone for connectors without a source.',
      })
      .prefault({}),
  })
  .meta({
    description:
      'REST connectors (`@connect`). How their calls are treated stands where it stands for every subgraph: `traffic_shaping`, `headers`, `tls`, under the name of the subgraph that declares them.',
  })
  .prefault({});
