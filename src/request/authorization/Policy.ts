import type { Identity } from '../Identity.js';

/** What a policy is asked. */
export interface PolicyQuestion {
  readonly policy: string;
  readonly identity: Identity;
  /** The field that is asked for (`Query.order`), when it takes arguments. */
  readonly field: string | undefined;
  /** Coerced, defaults included; present together with `field`. */
  readonly arguments: Readonly<Record<string, unknown>> | undefined;
  readonly requestId: string;
  /** Aborted when the answer comes too late, or the client has gone. */
  readonly signal: AbortSignal;
}

/**
 * Decides one policy: only `true` is a yes. Asked once per request; where the field takes arguments, once for each set of them. An
 * error, or no answer within `authorization.policies.timeout`, is a no.
 */
export type Policy = (question: PolicyQuestion) => boolean | Promise<boolean>;

/** A question as the gates put it, before it is known who answers. */
export interface Question {
  readonly policy: string;
  readonly field: string | undefined;
  readonly arguments: Readonly<Record<string, unknown>> | undefined;
}
