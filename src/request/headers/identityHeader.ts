import type { RequestContext } from '../context.js';
import { claimAt } from '../Identity.js';
import type { HeaderRule } from './HeaderRule.js';

type Insert = NonNullable<HeaderRule['insert']>;

/** Visible ASCII, spaces only inside: what every server reads the same way (RFC 9110, 5.5). */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Longer ones are left out: servers refuse long heads. */
const MAX_CHARACTERS = 8192;

/** Gives the value of a header that is made of the identity of a request; undefined for none. */
export type ReadIdentity = (context: Pick<RequestContext, 'identity' | 'identityToken'>) => string | undefined;

/** Undefined for a rule whose value is fixed. */
export function compileIdentityHeader({ fromClaim, fromIdentity, prefix }: Insert): ReadIdentity | undefined {
  const read = fromClaim !== undefined ? claimReader(fromClaim) : fromIdentity && factReader(fromIdentity);
  if (read === undefined) return undefined;
  const before = prefix === undefined ? '' : `${prefix} `;
  return (context) => {
    const value = read(context);
    if (value === undefined || value.length > MAX_CHARACTERS || !VALUE.test(value)) return undefined;
    return before + value;
  };
}

function claimReader(name: string): ReadIdentity {
  return ({ identity }) => {
    const claim = claimAt(identity.claims, name);
    return Array.isArray(claim) ? listText(claim) : scalarText(claim);
  };
}

function factReader(fact: NonNullable<Insert['fromIdentity']>): ReadIdentity {
  if (fact === 'token') return ({ identityToken }) => identityToken;
  if (fact === 'scopes')
    return ({ identity }) => (identity.scopes.size === 0 ? undefined : [...identity.scopes].join(' '));
  return ({ identity }) => identity[fact];
}

/** With commas; undefined when one of them has a comma itself, or is no text and no number: nobody could tell them apart. */
function listText(list: readonly unknown[]): string | undefined {
  const texts = list.map(scalarText);
  return texts.every((text) => text !== undefined && !text.includes(',')) ? texts.join(',') : undefined;
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
