import { frozenSet } from '../base/kit/frozenSet.js';

/** How somebody proved who they are. `certificate` is kept for TLS termination (mTLS). */
export type IdentityKind =
  | 'anonymous'
  | 'jwt'
  | 'introspection'
  | 'api_key'
  | 'trusted_header'
  | 'external'
  | 'certificate';

/** On whose behalf a request runs. Frozen; made by `request/authentication`, read by every other room. */
export interface Identity {
  readonly kind: IdentityKind;
  /** Who: unique together with `kind` and `issuer`. Absent for the anonymous. */
  readonly subject: string | undefined;
  /** Who says so: the `iss` of a token, the name of a provider. */
  readonly issuer: string | undefined;
  readonly scopes: ReadonlySet<string>;
  /** Verified claims as the issuer wrote them; an object without a prototype, deeply frozen. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** What they pay for (`free`, `pro`); limits differ by it. */
  readonly plan: string | undefined;
  /** The customer they belong to. */
  readonly tenant: string | undefined;
  /** Everything above that may shape an answer, as one text: part of the key of whatever is shared between requests. */
  readonly key: string;
}

/** Nobody in particular. */
export const anonymous: Identity = Object.freeze({
  kind: 'anonymous',
  subject: undefined,
  issuer: undefined,
  scopes: frozenSet<string>(),
  claims: Object.freeze(Object.create(null) as Record<string, unknown>),
  plan: undefined,
  tenant: undefined,
  key: '',
});

/**
 * A claim by its name, or by a JSON pointer (RFC 6901) when the name begins with `/`: `email`, `/realm_access/roles`. Undefined for none.
 * Claims are untrusted: only own members count.
 */
export function claimAt(claims: Identity['claims'], name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  if (!name.startsWith('/')) return undefined;
  let value: unknown = claims;
  for (const step of name.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
