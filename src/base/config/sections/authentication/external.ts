import { z } from 'zod';

import { headerName, httpUrl } from '../../values/text.js';
import { availability, cacheTime } from './availability.js';
import { claimName, claimNames } from './claims.js';

/** A service of one's own that decides. */
export const external = z
  .strictObject({
    url: httpUrl().meta({ description: 'The service.', examples: ['http://auth.internal:9000/verify'] }),
    method: z
      .enum(['GET', 'POST'])
      .meta({ description: 'The method it is asked with; there is no body.', examples: ['POST'] })
      .default('GET'),
    credential_headers: z
      .array(headerName())
      .min(1)
      .meta({
        must: 'be a list of at least one header name',
        description:
          'Headers of the client that are a credential: the service is asked when at least one is there, sees them, and its answer counts for equal ones.',
        examples: [['x-session']],
      }),
    claims_from: z
      .enum(['body', 'headers'])
      .meta({
        description: 'Where the claims are in an answer of status 2xx: the JSON object of its body, or its headers.',
        examples: ['headers'],
      })
      .default('body'),
    claim_headers: z
      .record(claimName(), headerName())
      .meta({
        description: 'Claims and the headers of the answer that hold them; with `claims_from: headers`.',
        examples: [{ sub: 'x-user-id', scope: 'x-user-scopes' }],
      })
      .prefault({}),
    ...claimNames,
    cache_ttl: cacheTime('10s'),
    ...availability,
  })
  .superRefine(({ claims_from, claim_headers }, context) => {
    const count = Object.keys(claim_headers).length;
    if (claims_from === 'headers' && count === 0) {
      context.addIssue({
        code: 'custom',
        path: ['claim_headers'],
        message: 'is empty, and claims_from is headers: nobody would have a name',
      });
    }
    if (claims_from === 'body' && count > 0) {
      context.addIssue({
        code: 'custom',
        path: ['claim_headers'],
        message: 'has no effect while claims_from is body',
      });
    }
  })
  .meta({
    description:
      'An HTTP service of yours decides (forward authentication). 2xx: yes, with claims; 401 and 403: no; anything else: it is unavailable.',
  });
