import { anonymous } from '../../src/request/Identity.js';
import type { Identity } from '../../src/request/Identity.js';

/** Somebody with a token: a subject, scopes, claims. */
export function someone(
  subject: string,
  scopes: readonly string[] = [],
  claims: Record<string, unknown> = {},
): Identity {
  return Object.freeze({
    ...anonymous,
    kind: 'jwt',
    subject,
    issuer: 'https://issuer.test',
    scopes: new Set(scopes),
    claims: Object.freeze(Object.assign(Object.create(null) as Record<string, unknown>, claims)),
    key: JSON.stringify([subject, scopes, claims]),
  });
}
