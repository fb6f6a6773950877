import type { CredentialedRequest } from '../context.js';
import type { Identity } from '../Identity.js';

/** One way to prove who one is. */
export interface Provider {
  /** In log lines: `api_keys`. */
  readonly name: string;
  /** For `www-authenticate` (RFC 9110, 11.6.1): how to present a credential. */
  readonly challenge: string;
  /**
   * Undefined when the request presents nothing for this provider. Gives the identity at once when it is known.
   *
   * Errors: a Refusal for a credential that is not good; Unavailable when nobody can say.
   */
  identify(request: CredentialedRequest): Identity | undefined | Promise<Identity | undefined>;
  /** Begins what goes on in the background. */
  start(): void;
  close(): void;
}
