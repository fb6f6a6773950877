import { createHash } from 'node:crypto';

import type { RequestContext } from '../context.js';
import { claimAt } from '../Identity.js';

import type { CallerPart } from './LimitPolicy.js';
import { networkOf } from './networkOf.js';

/** Longer keys become a digest: what clients send must not fill the store, and no e-mail address stands in it by accident. */
const MAX_KEY = 60;

/**
 * Who is counted together, as one text: equal for equal callers, different for different ones whatever is in the parts.
 *
 * Nothing in it is the caller's to choose, unless a rule names a header or argument.
 */
export function callerKey(
  parts: readonly CallerPart[],
  context: RequestContext,
  more: readonly unknown[] = [],
): string {
  if (parts.length === 0 && more.length === 0) return '';
  // One part that is text needs no putting together; the letter keeps it apart from what is.
  if (parts.length === 1 && more.length === 0) return shorten(`=${partOf(parts[0]!, context)}`);
  const texts = parts.map((part) => partOf(part, context));
  return shorten(JSON.stringify(more.length === 0 ? texts : [texts, more]));
}

function partOf(part: CallerPart, context: RequestContext): string {
  const { identity } = context;
  switch (part.kind) {
    case 'identity':
      return identity.kind === 'anonymous'
        ? `ip ${networkOf(context.clientIp)}`
        : JSON.stringify([identity.kind, identity.issuer ?? '', identity.subject ?? '']);
    case 'ip':
      return networkOf(context.clientIp);
    case 'tenant':
      return identity.tenant ?? '';
    case 'plan':
      return identity.plan ?? '';
    case 'header':
      return context.header(part.name) ?? '';
    case 'claim': {
      const claim = claimAt(identity.claims, part.name);
      return claim === undefined ? '' : JSON.stringify(claim);
    }
  }
}

function shorten(key: string): string {
  return key.length <= MAX_KEY ? key : createHash('sha256').update(key).digest('base64url');
}
