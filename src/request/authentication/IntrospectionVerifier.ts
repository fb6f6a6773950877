import type { HttpClient } from '../../base/http/createHttpClient.js';
import type { Clock } from '../../base/kit/Clock.js';
import { FailureGate } from '../../base/kit/FailureGate.js';
import { identityFrom } from './makeIdentity.js';
import type { ClaimNames } from './makeIdentity.js';
import { parseObject } from './parseObject.js';
import { Refusal, Unavailable } from './Refusal.js';
import { validUntil } from './validUntil.js';
import type { Verdict } from './VerdictCache.js';

export interface IntrospectionRules extends ClaimNames {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientAuth: 'basic' | 'post';
  readonly audiences?: readonly string[] | undefined;
  readonly timeoutMs: number;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/** Asks the issuer about a token (RFC 7662). */
export class IntrospectionVerifier {
  readonly #rules: IntrospectionRules;
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #gate: FailureGate;

  constructor(rules: IntrospectionRules, http: HttpClient, clock: Clock) {
    this.#rules = rules;
    this.#http = http;
    this.#clock = clock;
    this.#gate = new FailureGate(clock);
  }

  /** Errors: a Refusal when the token is not active; Unavailable for any answer that does not say so. */
  async verify(token: string): Promise<Verdict> {
    const claims = await this.#ask(token);
    if (claims['active'] !== true) throw new Refusal('the token is not active');
    const expiresAt = validUntil(claims, this.#clock.now());
    if (!this.#isForUs(claims['aud'])) throw new Refusal('the token is for another audience');
    const issuer = typeof claims['iss'] === 'string' ? claims['iss'] : undefined;
    return { identity: identityFrom('introspection', issuer, claims, this.#rules), expiresAt };
  }

  #isForUs(audience: unknown): boolean {
    const { audiences } = this.#rules;
    if (audiences === undefined) return true;
    const named: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
    return named.some((name) => typeof name === 'string' && audiences.includes(name));
  }

  async #ask(token: string): Promise<Record<string, unknown>> {
    if (!this.#gate.enter()) throw new Unavailable('the introspection endpoint has failed several times in a row');
    try {
      const claims = await this.#exchange(token);
      this.#gate.succeeded();
      return claims;
    } catch (error) {
      this.#gate.failed();
      throw new Unavailable('the introspection endpoint gave no usable answer', { cause: error });
    }
  }

  async #exchange(token: string): Promise<Record<string, unknown>> {
    const { url, clientId, clientSecret, clientAuth, timeoutMs } = this.#rules;
    const fields = new URLSearchParams({ token, token_type_hint: 'access_token' });
    const headers: Record<string, string> = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    };
    if (clientAuth === 'post') {
      fields.set('client_id', clientId);
      fields.set('client_secret', clientSecret);
    } else headers['authorization'] = basic(clientId, clientSecret);
    const body = fields.toString();
    const { status, text } = await this.#http.ask({
      method: 'POST',
      url,
      headers,
      body,
      timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
    });
    if (status !== 200) throw new Error(`the introspection endpoint answered with status ${status}`);
    return parseObject(text);
  }
}

/** RFC 6749, 2.3.1: both parts are form-encoded first. */
function basic(id: string, secret: string): string {
  const encoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString('base64')}`;
}
