import { z } from 'zod';

import { text } from '../../values/text.js';

/** The name of a claim, or a JSON pointer into the claims (RFC 6901): `scope`, `/realm_access/roles`. */
export function claimName() {
  return text().max(200).meta({ must: 'be the name of a claim, or a JSON pointer to one (/realm_access/roles)' });
}

/** Whom tokens have to be for. */
export const audiences = z
  .array(text())
  .min(1)
  .meta({
    must: 'be a list of at least one audience',
    description: 'The `aud` of tokens that are for us. Without it `aud` is not looked at.',
    examples: [['shop-api']],
  })
  .optional();

/** Which claims say what an identity is; the same words for every provider that has claims. */
export const claimNames = {
  subject_claim: claimName()
    .meta({
      description: 'The claim that says who it is: a text, or a whole number. Anything else: somebody without a name.',
      examples: ['email'],
    })
    .prefault('sub'),
  scope_claim: claimName()
    .meta({
      description:
        'The claim with the scopes: one text with spaces between them, or a list of texts. Anything else gives no scopes.',
      examples: ['/realm_access/roles'],
    })
    .prefault('scope'),
  plan_claim: claimName()
    .meta({ description: 'The claim with the plan, by which limits differ.', examples: ['plan'] })
    .optional(),
  tenant_claim: claimName()
    .meta({ description: 'The claim with the tenant.', examples: ['tenant'] })
    .optional(),
};
