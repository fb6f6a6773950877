import { z } from 'zod';

import { duration } from '../values/quantity.js';
import { headerName } from '../values/text.js';

/** `*`, or scheme://host[:port]: the host may start with `*.`, the port may be `*`. */
const ORIGIN =
  /^(?:\*|[a-z][a-z0-9+.-]*:\/\/(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::(?:\d{1,5}|\*))?)$/i;

const policy = z
  .strictObject({
    origins: z
      .array(
        z
          .string()
          .regex(ORIGIN)
          .transform((origin) => origin.toLowerCase())
          .meta({
            must: 'be an origin: scheme://host, with :port if it is not the usual one, without a path (https://*.example.com stands for all hosts below example.com)',
          }),
      )
      .min(1)
      .meta({
        must: 'be a list of at least one origin',
        description:
          'Origins of pages that may call the gateway: exact ones, `https://*.example.com` for every host below example.com, `http://localhost:*` for every port, or `*` for all. `null` can never be allowed.',
        examples: [['https://shop.example.com', 'https://*.preview.example.com']],
      }),
    allow_credentials: z
      .boolean()
      .meta({
        description: 'Whether browsers send cookies along, and pages may read the answer then.',
        examples: [true],
      })
      .default(false),
    allow_headers: z
      .array(headerName())
      .meta({
        description: 'Request headers that pages may send. Without it: whatever the browser asks for.',
        examples: [['content-type', 'authorization']],
      })
      .optional(),
    expose_headers: z
      .array(headerName())
      .meta({ description: 'Response headers that pages may read.', examples: [['x-request-id']] })
      .prefault([]),
    methods: z
      .array(z.enum(['GET', 'POST']))
      .min(1)
      .meta({ must: 'be a list of GET and POST', description: 'Methods that pages may use.', examples: [['POST']] })
      .default(['GET', 'POST']),
    max_age: duration({ min: '0s', max: '1d' })
      .meta({ description: 'How long a browser may remember the permission.', examples: ['2h'] })
      .optional(),
  })
  .superRefine(({ origins, allow_credentials }, context) => {
    if (!origins.includes('*')) return;
    if (allow_credentials) {
      context.addIssue({
        code: 'custom',
        path: ['allow_credentials'],
        message: 'cannot be true for origin *: any page could act in the name of your users',
        params: { hint: 'list the origins' },
      });
    }
    if (origins.length > 1) {
      context.addIssue({ code: 'custom', path: ['origins'], message: 'has * and other origins: * covers them all' });
    }
  });

/** Which pages of other origins may call the gateway. */
export const cors = z
  .strictObject({
    policies: z.array(policy).min(1).meta({
      must: 'be a list of at least one policy',
      description: 'The first policy with a fitting origin counts.',
    }),
  })
  .superRefine(({ policies }, context) => {
    const seen = new Map<string, number>();
    for (const [index, { origins }] of policies.entries()) {
      for (const [at, origin] of origins.entries()) {
        const former = seen.get(origin);
        if (former !== undefined) {
          context.addIssue({
            code: 'custom',
            path: ['policies', index, 'origins', at],
            message: former === index ? 'is listed twice' : `is listed already, in cors.policies[${former}]`,
          });
        }
        seen.set(origin, index);
      }
    }
  })
  .meta({
    description: 'Which pages of other origins may call the gateway from a browser. Without this section: none.',
  })
  .optional();
