import { PorticoError } from '../base/errors/PorticoError.js';
import type { LifetimeEnd } from '../base/kit/Lifetime.js';

/**
 * The error of a call whose own lifetime ended before the answer: GATEWAY_TIMEOUT or REQUEST_CANCELLED. The messages name no
 * subgraph, because clients read them; the name is in `details`.
 */
export function lifetimeError(end: LifetimeEnd, subgraph: string): PorticoError {
  return end === 'deadline'
    ? new PorticoError('GATEWAY_TIMEOUT', 'The request took too long', { details: { subgraph } })
    : new PorticoError('REQUEST_CANCELLED', 'The request was cancelled', { details: { subgraph } });
}
