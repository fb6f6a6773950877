import type { IncomingHttpHeaders } from 'node:http';

import type { HttpClient } from '../../base/http/createHttpClient.js';
import type { Clock } from '../../base/kit/Clock.js';
import { FailureGate } from '../../base/kit/FailureGate.js';
import type { CredentialedRequest } from '../context.js';
import { identityFrom } from './makeIdentity.js';
import type { ClaimNames } from './makeIdentity.js';
import { parseObject } from './parseObject.js';
import type { Provider } from './Provider.js';
import { Refusal, Unavailable } from './Refusal.js';
import { validUntil } from './validUntil.js';
import type { Verdict, VerdictCache } from './VerdictCache.js';

export interface ExternalRules extends ClaimNames {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly credentialHeaders: readonly string[];
  readonly claimsFrom: 'body' | 'headers';
  /** By claim. */
  readonly claimHeaders: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_CREDENTIAL_BYTES = 16 * 1024;
/** Everything else breaks a request apart or is refused on the way (RFC 9110, 5.5). */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A service of the operator's decides (forward authentication): it sees the credential headers and answers with a status and claims. */
export function createExternalProvider(
  rules: ExternalRules,
  { cache, http, clock }: { readonly cache: VerdictCache; readonly http: HttpClient; readonly clock: Clock },
): Provider {
  const gate = new FailureGate(clock);

  const ask = async (headers: Readonly<Record<string, string>>): Promise<Verdict> => {
    if (!gate.enter()) throw new Unavailable('the external authorizer has failed several times in a row');
    const { url, method, timeoutMs } = rules;
    let answer: { readonly isGood: boolean; readonly claims: Record<string, unknown> };
    try {
      const sent = { accept: 'application/json', ...headers };
      const {
        status,
        headers: got,
        text,
      } = await http.ask({
        method,
        url,
        headers: sent,
        timeoutMs,
        maxBytes: MAX_ANSWER_BYTES,
      });
      answer = read(status, got, text);
    } catch (error) {
      gate.failed();
      throw new Unavailable('the external authorizer gave no usable answer', { cause: error });
    }
    gate.succeeded();
    if (!answer.isGood) throw new Refusal('the external authorizer says no');
    return verdictFrom(answer.claims);
  };

  const read = (
    status: number,
    headers: IncomingHttpHeaders,
    text: string,
  ): { readonly isGood: boolean; readonly claims: Record<string, unknown> } => {
    if (status === 401 || status === 403) return { isGood: false, claims: {} };
    if (status < 200 || status > 299) throw new Error(`the external authorizer answered with status ${status}`);
    if (rules.claimsFrom === 'headers') return { isGood: true, claims: claimsIn(headers, rules.claimHeaders) };
    return { isGood: true, claims: text === '' ? {} : parseObject(text) };
  };

  const verdictFrom = (claims: Record<string, unknown>): Verdict => {
    const expiresAt = validUntil(claims, clock.now());
    const issuer = typeof claims['iss'] === 'string' ? claims['iss'] : 'external';
    return { identity: identityFrom('external', issuer, claims, rules), expiresAt };
  };

  return {
    name: 'external',
    challenge: 'External',
    identify(request) {
      const headers = credentialsOf(request, rules.credentialHeaders);
      if (headers === undefined) return undefined;
      return cache.judge(JSON.stringify(headers), 0, () => ask(headers));
    },
    start() {},
    close() {},
  };
}

function credentialsOf(
  request: CredentialedRequest,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  let found: Record<string, string> | undefined;
  let size = 0;
  for (const name of names) {
    const value = request.header(name);
    if (value === undefined) continue;
    if (request.isRepeated(name)) throw new Refusal(`the header ${name} was sent more than once`);
    size += value.length;
    if (size > MAX_CREDENTIAL_BYTES || !SENDABLE.test(value))
      throw new Refusal(`the header ${name} cannot be handed on`);
    (found ??= {})[name] = value;
  }
  return found;
}

function claimsIn(headers: IncomingHttpHeaders, named: Readonly<Record<string, string>>): Record<string, unknown> {
  const claims: [string, unknown][] = [];
  for (const [claim, header] of Object.entries(named)) {
    const value: unknown = Object.hasOwn(headers, header) ? headers[header] : undefined;
    if (typeof value === 'string' && value !== '') claims.push([claim, value]);
  }
  return Object.fromEntries(claims);
}
