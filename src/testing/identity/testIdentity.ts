import { checkKeys } from '../../mocks/checkKeys.js';
import { deepFreeze } from '../../base/config/settle.js';
import { frozenSet } from '../../base/kit/frozenSet.js';
import type { Identity, IdentityKind } from '../../request/Identity.js';

/** Who a request is made for, without a token: `gateway.as({ sub: 'ada', scopes: ['orders:read'] })`. */
export interface TestIdentity {
  /** Who. Default: `test`. */
  readonly sub?: string | undefined;
  /** A list, or one text with spaces. Default: none. */
  readonly scopes?: readonly string[] | string | undefined;
  /** What they pay for. */
  readonly plan?: string | undefined;
  /** The customer they belong to. */
  readonly tenant?: string | undefined;
  /** Further claims; `sub`, `iss` and `scope` follow from the rest. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** Who says so. Default: `https://issuer.test`. */
  readonly issuer?: string | undefined;
  /** How they proved it. Default: `jwt`. */
  readonly kind?: IdentityKind | undefined;
}

export const TEST_ISSUER = 'https://issuer.test';

const KNOWN = ['sub', 'scopes', 'plan', 'tenant', 'claims', 'issuer', 'kind'];

/** The Identity that a verified credential of this content would give. */
export function testIdentity(said: TestIdentity): Identity {
  checkKeys('an identity', said, KNOWN);
  const { sub = 'test', scopes = [], plan, tenant, claims = {}, issuer = TEST_ISSUER, kind = 'jwt' } = said;
  const list = (typeof scopes === 'string' ? scopes.split(' ') : [...scopes])
    .filter((scope) => scope !== '')
    .toSorted();
  const all = Object.assign(
    Object.create(null) as Record<string, unknown>,
    { sub, iss: issuer },
    structuredClone(claims),
  );
  if (list.length > 0) all['scope'] = list.join(' ');
  return Object.freeze({
    kind,
    subject: sub,
    issuer,
    scopes: frozenSet(list),
    claims: deepFreeze(all),
    plan,
    tenant,
    key: JSON.stringify([kind, issuer, sub, list, plan, tenant, all]),
  });
}
