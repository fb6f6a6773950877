import { hash } from 'node:crypto';

import { frozenSet } from '../../base/kit/frozenSet.js';
import { claimAt } from '../Identity.js';
import type { Identity, IdentityKind } from '../Identity.js';
import { Refusal } from './Refusal.js';

/** Which claims say what an identity is. Names as for `claimAt`. */
export interface ClaimNames {
  readonly subjectClaim: string;
  readonly scopeClaim: string;
  readonly planClaim?: string | undefined;
  readonly tenantClaim?: string | undefined;
}

interface IdentityFacts {
  readonly kind: IdentityKind;
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  readonly plan: string | undefined;
  readonly tenant: string | undefined;
}

/** Claims deeper than this are nobody's. */
const MAX_DEPTH = 16;
/** RFC 6749, 3.3 `scope-token`. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** A frozen identity. Errors: a Refusal for claims that are nested too deeply. */
export function makeIdentity(facts: IdentityFacts): Identity {
  const { kind, subject, issuer, plan, tenant } = facts;
  const scopes = frozenSet(facts.scopes);
  const claims = frozen(facts.claims, 0) as Identity['claims'];
  const text = JSON.stringify([kind, issuer, subject, plan, tenant, [...scopes], claims]);
  return Object.freeze({ kind, subject, issuer, scopes, claims, plan, tenant, key: hash('sha256', text, 'base64') });
}

/** The identity that claims describe. */
export function identityFrom(
  kind: IdentityKind,
  issuer: string | undefined,
  claims: Readonly<Record<string, unknown>>,
  names: ClaimNames,
): Identity {
  return makeIdentity({
    kind,
    issuer,
    subject: textAt(claims, names.subjectClaim),
    scopes: readScopes(claimAt(claims, names.scopeClaim)),
    plan: names.planClaim === undefined ? undefined : textAt(claims, names.planClaim),
    tenant: names.tenantClaim === undefined ? undefined : textAt(claims, names.tenantClaim),
    claims,
  });
}

/**
 * The scopes in a claim: a text with scopes between spaces (RFC 8693, 4.2), or a list of texts of one scope each. Case counts. Anything else
 * (an object, a list with something else in it, a list entry with a space) gives no scopes at all.
 */
export function readScopes(claim: unknown): readonly string[] {
  const scopes: readonly unknown[] =
    typeof claim === 'string' ? claim.split(' ').filter((scope) => scope !== '') : Array.isArray(claim) ? claim : [];
  return scopes.every((scope): scope is string => typeof scope === 'string' && SCOPE.test(scope)) ? scopes : [];
}

/** A text, or a whole number as text: many issuers number their users. */
function textAt(claims: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = claimAt(claims, name);
  if (Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A deep copy without prototypes: a claim may have any name. */
function frozen(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) throw new Refusal('the claims are nested too deeply');
  if (Array.isArray(value)) return Object.freeze(value.map((each) => frozen(each, depth + 1)));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value)) copy[key] = frozen(member, depth + 1);
  return Object.freeze(copy);
}
