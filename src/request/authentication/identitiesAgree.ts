import type { Identity } from '../Identity.js';

/** Whether two credentials of one request speak of the same one: the same subject, and the same tenant where both name one. */
export function identitiesAgree(a: Identity, b: Identity): boolean {
  if (a.subject === undefined || a.subject !== b.subject) return a === b;
  return a.tenant === undefined || b.tenant === undefined || a.tenant === b.tenant;
}
