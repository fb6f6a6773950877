import type { CredentialedRequest } from '../context.js';
import { makeIdentity, readScopes } from './makeIdentity.js';
import type { Provider } from './Provider.js';
import { Refusal } from './Refusal.js';

/** Names of headers, lower case. */
export interface TrustedHeaderRules {
  readonly subject: string;
  readonly scopes?: string | undefined;
  readonly plan?: string | undefined;
  readonly tenant?: string | undefined;
  /** By claim. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Believes a proxy in front, on connections of `server.trusted_proxies` alone; from anybody else these headers count as not sent. */
export function createTrustedHeaderProvider(rules: TrustedHeaderRules): Provider {
  const further = Object.entries(rules.claims);
  return {
    name: 'trusted_headers',
    challenge: 'Proxy',
    identify(request) {
      if (!request.isFromTrustedProxy) return undefined;
      const subject = read(request, rules.subject);
      if (subject === undefined) return undefined;
      const claims: [string, string][] = [];
      for (const [claim, header] of further) {
        const value = read(request, header);
        if (value !== undefined) claims.push([claim, value]);
      }
      return makeIdentity({
        kind: 'trusted_header',
        issuer: 'proxy',
        subject,
        scopes: readScopes(read(request, rules.scopes)),
        plan: read(request, rules.plan),
        tenant: read(request, rules.tenant),
        claims: Object.fromEntries(claims),
      });
    },
    start() {},
    close() {},
  };
}

/** A proxy that adds its header to one of the client's says nothing that can be believed. */
function read(request: CredentialedRequest, header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const value = request.header(header);
  if (value === undefined || value === '') return undefined;
  if (request.isRepeated(header)) throw new Refusal(`the header ${header} was sent more than once`);
  return value;
}
