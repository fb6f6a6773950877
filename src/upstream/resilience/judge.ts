import { PorticoError } from '../../base/errors/PorticoError.js';
import type { SubgraphCall, SubgraphReply } from '../SubgraphClient.js';

import type { BreakerOptions, Outcome } from './Breaker.js';
import { statusMatcher } from './statusMatcher.js';

/** What the end of a call says about the subgraph. */
export interface Judge {
  reply(reply: SubgraphReply): Outcome;
  error(error: unknown, call: SubgraphCall): Outcome;
}

/** Errors of one answer that are looked at. */
const MAX_ERRORS = 100;
/** Transport errors that are this side's doing. */
const LOCAL_REASONS: ReadonlySet<unknown> = new Set(['unsendable', 'closed']);

/**
 * What counts against a subgraph.
 *
 * | ends with | is |
 * | --- | --- |
 * | no connection, a broken one, a time of the subgraph's own that is over, a body that cannot be used | a failure |
 * | a chosen HTTP status, a GraphQL error with a chosen code | a failure |
 * | any other answer, GraphQL errors and 4xx included | a success |
 * | the caller left, the request's own time was over, refused on this side | neither |
 */
export function createJudge({ errorStatusCodes, errorCodes }: BreakerOptions): Judge {
  const isErrorStatus = statusMatcher(errorStatusCodes);
  const codes = errorCodes.length === 0 ? undefined : new Set(errorCodes);
  return {
    reply({ status, errors }) {
      if (status !== 200 && isErrorStatus(status)) return 'failure';
      return codes !== undefined && hasCode(errors, codes) ? 'failure' : 'success';
    },
    error(error, { lifetime }) {
      if (!(error instanceof PorticoError)) return 'neutral';
      const { code, details } = error;
      if (code === 'SUBGRAPH_TIMEOUT' || code === 'SUBREQUEST_MALFORMED_RESPONSE') return 'failure';
      // The deadline of the call, seen from inside; that of the request may be short for reasons of its own.
      if (code === 'GATEWAY_TIMEOUT') return lifetime.isPart && lifetime.ended === 'deadline' ? 'failure' : 'neutral';
      if (code !== 'SUBREQUEST_HTTP_ERROR') return 'neutral';
      const { reason, status } = details;
      if (reason === 'status') return isErrorStatus(Number(status)) ? 'failure' : 'success';
      return LOCAL_REASONS.has(reason) ? 'neutral' : 'failure';
    },
  };
}

function hasCode(errors: unknown, codes: ReadonlySet<string>): boolean {
  if (!Array.isArray(errors)) return false;
  for (let index = 0; index < errors.length && index < MAX_ERRORS; index++) {
    const code = codeOf(errors[index]);
    if (typeof code === 'string' && codes.has(code)) return true;
  }
  return false;
}

function codeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !Object.hasOwn(error, 'extensions')) return undefined;
  const { extensions } = error as { readonly extensions: unknown };
  if (typeof extensions !== 'object' || extensions === null || !Object.hasOwn(extensions, 'code')) return undefined;
  return (extensions as { readonly code: unknown }).code;
}
