import { z } from 'zod';

import { headerName } from '../values/text.js';

/** Requests that a foreign page could make a browser send unasked. */
export const csrf = z
  .strictObject({
    enabled: z
      .boolean()
      .meta({
        description: 'Whether requests are refused that a browser would send for any page without asking first.',
        examples: [false],
      })
      .default(true),
    required_headers: z
      .array(headerName())
      .min(1)
      .meta({
        must: 'be a list of at least one header name',
        description:
          'A request whose content type does not prove that the browser has asked needs one of these. Default: `x-apollo-operation-name` and `apollo-require-preflight`, which Apollo clients send.',
        examples: [['x-shop-client']],
      })
      .optional(),
  })
  .superRefine(({ enabled, required_headers }, context) => {
    if (enabled || required_headers === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['required_headers'],
      message: 'has no effect while csrf.enabled is false',
    });
  })
  .meta({ description: 'Protection against cross-site request forgery, for GET requests and forms.' })
  .prefault({});
