import { PorticoError } from '../../base/errors/PorticoError.js';

/** Reasons of SUBREQUEST_HTTP_ERROR that are the gateway's or the caller's own. */
const OWN_REASONS: ReadonlySet<unknown> = new Set(['closed', 'unsendable']);

/**
 * Whether a failed call speaks against the endpoint that had it.
 *
 * Yes: no connection, a broken one, an unusable answer, 5xx, silence. No: 4xx, what a decorator refused without sending, a caller who left.
 *
 * @param hadTime whether the endpoint had a fair share of the time before the deadline came
 */
export function isEndpointFault(error: unknown, hadTime: boolean): boolean {
  if (!(error instanceof PorticoError)) return false;
  switch (error.code) {
    case 'SUBREQUEST_MALFORMED_RESPONSE':
    case 'SUBGRAPH_TIMEOUT':
      return true;
    case 'GATEWAY_TIMEOUT':
      return hadTime;
    case 'SUBREQUEST_HTTP_ERROR': {
      const { reason, status } = (error.details ?? {}) as { readonly reason?: unknown; readonly status?: unknown };
      if (typeof status === 'number') return status >= 500;
      return !OWN_REASONS.has(reason);
    }
    default:
      return false;
  }
}
