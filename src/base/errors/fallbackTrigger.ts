import type { ErrorCode } from './codes.js';

/** Why a fallback steps in: nobody was asked, nobody answered in time, or the answer was an error. */
export type FallbackTrigger = 'CIRCUIT_OPEN' | 'TIMEOUT' | 'ERROR';

export const FALLBACK_TRIGGERS: readonly FallbackTrigger[] = ['CIRCUIT_OPEN', 'TIMEOUT', 'ERROR'];

/**
 * The trigger of a failed subgraph call. A full bulkhead (OVERLOADED) and a ceiling that is reached are as an open circuit: the subgraph was
 * not asked. Undefined where nothing may step in: the request itself is over.
 */
export function fallbackTrigger(code: ErrorCode): FallbackTrigger | undefined {
  switch (code) {
    case 'SUBGRAPH_CIRCUIT_OPEN':
    case 'OVERLOADED':
    case 'SUBGRAPH_RATE_LIMITED':
    case 'RATE_LIMITER_UNAVAILABLE':
      return 'CIRCUIT_OPEN';
    case 'SUBGRAPH_TIMEOUT':
      return 'TIMEOUT';
    case 'GATEWAY_TIMEOUT':
    case 'REQUEST_CANCELLED':
      return undefined;
    default:
      return 'ERROR';
  }
}
