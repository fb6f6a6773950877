import { z } from 'zod';

import { duration } from '../../values/quantity.js';
import { text, urlPath } from '../../values/text.js';

/** A token that the gateway signs for subgraphs. */
export const identityToken = z
  .strictObject({
    key: text().meta({
      description: 'The private key: PEM (PKCS #8), or a JWK as JSON. Its `kid` is in the tokens.',
      examples: ['${file:./gateway-key.pem}'],
    }),
    algorithm: z
      .enum(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])
      .meta({ description: 'What it signs with.', examples: ['EdDSA'] })
      .default('ES256'),
    issuer: text()
      .meta({ description: 'Its `iss`.', examples: ['https://api.example.com/'] })
      .prefault('portico'),
    audience: text()
      .meta({ description: 'Its `aud`.', examples: ['subgraphs'] })
      .optional(),
    ttl: duration({ min: '10s', max: '1h' })
      .meta({ description: 'How long a token is valid. It is made anew after half of that.', examples: ['5m'] })
      .prefault('60s'),
    jwks_path: urlPath()
      .meta({
        description:
          'Where the public key is served as a JWK set (RFC 7517), so that subgraphs need no copy. Default: nowhere.',
        examples: ['/.well-known/jwks.json'],
      })
      .optional(),
    claims: z
      .array(text())
      .meta({
        description: 'Claims of the identity to copy, besides subject, scopes, plan and tenant.',
        examples: [['email']],
      })
      .prefault([]),
  })
  .meta({
    description:
      'A short-lived JWT about the identity, signed by the gateway, for rules with `from_identity: token`. Subgraphs then need to trust one key only.',
  });
