import { z } from 'zod';

import { readPublicKey } from '../../../kit/readPublicKey.js';
import { duration, size } from '../../values/quantity.js';
import { filePath, headerName, headerValue, httpUrl, text } from '../../values/text.js';
import { audiences, claimNames } from './claims.js';

/** What signatures with a public key may be made with: RFC 7518, 3.1 and RFC 8037, 3.1; `none` is no algorithm. */
export const ASYMMETRIC_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
const SYMMETRIC_ALGORITHMS = ['HS256', 'HS384', 'HS512'] as const;
const ORIGINS = ['url', 'file', 'key', 'secret'] as const;

const keySet = z
  .strictObject({
    url: httpUrl()
      .meta({
        description: "Where the issuer's key set (JWKS) is. Fetched at the start and again and again.",
        examples: ['https://login.example.com/.well-known/jwks.json'],
      })
      .optional(),
    file: filePath()
      .meta({ description: 'A file with the key set (JWKS); followed when it changes.', examples: ['./jwks.json'] })
      .optional(),
    key: text()
      .meta({ description: 'One public key: PEM, or a JWK as JSON.', examples: ['${file:./public.pem}'] })
      .optional(),
    secret: text()
      .min(32)
      .meta({
        must: 'be a text of at least 32 characters',
        description: 'A secret that the issuer shares with us, for HS256, HS384 and HS512. Public keys are better.',
        examples: ['${JWT_SECRET}'],
      })
      .optional(),
    issuers: z
      .array(text())
      .min(1)
      .meta({
        must: 'be a list of at least one issuer',
        description:
          'The `iss` of tokens that these keys may sign. May only be left out where there is a single key set: then `iss` is not looked at.',
        examples: [['https://login.example.com/']],
      })
      .optional(),
    audiences,
    algorithms: z
      .array(z.enum([...ASYMMETRIC_ALGORITHMS, ...SYMMETRIC_ALGORITHMS]))
      .min(1)
      .meta({
        must: `be a list of ${[...ASYMMETRIC_ALGORITHMS, ...SYMMETRIC_ALGORITHMS].join(', ')}`,
        description: 'Algorithms that tokens may be signed with. Default: all asymmetric ones; with `secret`: HS256.',
        examples: [['RS256']],
      })
      .optional(),
    poll_interval: duration({ min: '1s', max: '1d' })
      .meta({ description: 'How often the key set is fetched again; with `url` only.', examples: ['5m'] })
      .prefault('60s'),
    cooldown: duration({ min: '1s', max: '1h' })
      .meta({
        description:
          'A token with a key id that is not known has the key set fetched at once, at most once in this time, however many such tokens come.',
        examples: ['10s'],
      })
      .prefault('30s'),
    max_stale: duration({ min: '1s', max: '7d' })
      .meta({
        description: 'How long known keys count while the key set cannot be fetched. After that: 503.',
        examples: ['6h'],
      })
      .prefault('1h'),
    timeout: duration({ min: '10ms', max: '30s' })
      .meta({ description: 'How long fetching the key set may take, in all.', examples: ['1s'] })
      .prefault('2s'),
    max_size: size({ min: '1KB', max: '10MB' })
      .meta({ description: 'Largest key set.', examples: ['64KB'] })
      .prefault('256KB'),
    headers: z
      .array(
        z.strictObject({
          name: headerName().meta({ description: 'Its name.', examples: ['authorization'] }),
          value: headerValue().meta({ description: 'Its value.', examples: ['${JWKS_TOKEN}'] }),
        }),
      )
      .meta({
        description: 'Headers to fetch the key set with.',
        examples: [[{ name: 'x-api-key', value: '${JWKS_KEY}' }]],
      })
      .prefault([]),
  })
  .superRefine((set, context) => {
    const given = ORIGINS.filter((origin) => set[origin] !== undefined);
    if (given.length !== 1) {
      const message = `needs exactly one of url, file, key and secret, ${given.length === 0 ? 'and has none' : `but has ${given.join(' and ')}`}`;
      context.addIssue({ code: 'custom', message });
      return;
    }
    if (set.key !== undefined && /PRIVATE KEY|"d"\s*:/.test(set.key)) {
      const message = 'is a private key: whoever checks tokens needs the public one only';
      context.addIssue({ code: 'custom', path: ['key'], message });
    } else if (set.key !== undefined && readPublicKey(set.key) === undefined) {
      context.addIssue({ code: 'custom', path: ['key'], message: 'is neither a PEM nor a JWK of a public key' });
    }
    for (const [index, algorithm] of (set.algorithms ?? []).entries()) {
      const isSymmetric = algorithm.startsWith('HS');
      if (isSymmetric === (set.secret !== undefined)) continue;
      const message = isSymmetric
        ? `is ${algorithm}, which needs a secret: with a public key anybody could sign`
        : `is ${algorithm}, which needs a public key, not a secret`;
      context.addIssue({ code: 'custom', path: ['algorithms', index], message });
    }
  });

/** JSON Web Tokens (RFC 7519), signed (RFC 7515). */
export const jwt = z
  .strictObject({
    jwks: z
      .array(keySet)
      .min(1)
      .meta({
        must: 'be a list of at least one key set',
        description:
          'The issuers and their keys. Which keys check a token follows from its `iss` and from this list alone.',
        examples: [[{ url: 'https://login.example.com/jwks', issuers: ['https://login.example.com/'] }]],
      }),
    leeway: duration({ min: '0s', max: '10m' })
      .meta({ description: 'How far clocks may be apart, for `exp`, `nbf` and `iat`.', examples: ['5s'] })
      .prefault('60s'),
    required_claims: z
      .array(text())
      .meta({
        description: 'Claims that a token must have, besides `exp`; null and an empty text do not count.',
        examples: [['sub', 'jti']],
      })
      .prefault([]),
    types: z
      .array(text())
      .min(1)
      .meta({
        must: 'be a list of at least one type',
        description: 'What `typ` may say, in any case; a token without `typ` is accepted.',
        examples: [['at+jwt']],
      })
      .default(['JWT', 'at+jwt']),
    ...claimNames,
    max_token_size: size({ min: '256B', max: '64KB' })
      .meta({ description: 'Longest token; a longer one is refused unread.', examples: ['4KB'] })
      .prefault('8KB'),
    cache_ttl: duration({ min: '0s', max: '1h' })
      .meta({
        description:
          'How long a verified token counts without verifying it again; never longer than the token itself, and not when keys change.',
        examples: ['10s'],
      })
      .prefault('60s'),
  })
  .superRefine(({ jwks }, context) => {
    const seen = new Map<string, number>();
    for (const [index, { issuers }] of jwks.entries()) {
      if (issuers === undefined && jwks.length > 1) {
        const message = 'is missing: with several key sets each must say whose it is';
        context.addIssue({ code: 'custom', path: ['jwks', index, 'issuers'], message });
      }
      for (const [at, issuer] of (issuers ?? []).entries()) {
        const former = seen.get(issuer);
        if (former !== undefined) {
          const message = `is listed already, in authentication.jwt.jwks[${former}]`;
          context.addIssue({ code: 'custom', path: ['jwks', index, 'issuers', at], message });
        }
        seen.set(issuer, index);
      }
    }
  })
  .meta({
    description:
      'Signed JSON Web Tokens. `exp` is required; key hints inside a token (`jku`, `jwk`, `x5u`, `x5c`) are never followed, `crit` is refused.',
  });
