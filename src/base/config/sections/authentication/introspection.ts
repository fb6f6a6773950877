import { z } from 'zod';

import { httpUrl, text } from '../../values/text.js';
import { availability, cacheTime } from './availability.js';
import { audiences, claimNames } from './claims.js';

/** OAuth 2.0 Token Introspection (RFC 7662). */
export const introspection = z
  .strictObject({
    url: httpUrl().meta({
      description: 'The introspection endpoint.',
      examples: ['https://login.example.com/oauth2/introspect'],
    }),
    client_id: text().meta({ description: 'Who we are there.', examples: ['portico'] }),
    client_secret: text().meta({ description: 'Our secret there.', examples: ['${INTROSPECTION_SECRET}'] }),
    client_auth: z
      .enum(['basic', 'post'])
      .meta({
        description: 'How we say so: HTTP Basic, or in the body (`client_secret_basic`, `client_secret_post`).',
        examples: ['post'],
      })
      .default('basic'),
    audiences,
    ...claimNames,
    cache_ttl: cacheTime('30s'),
    ...availability,
  })
  .meta({
    description:
      'OAuth 2.0 token introspection (RFC 7662), for tokens that say nothing by themselves. Where `jwt` is configured too, what looks like a JWT is verified as one and never sent.',
  });
