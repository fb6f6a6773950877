import { PorticoError } from '../../base/errors/PorticoError.js';
import type { LifetimeEnd } from '../../base/kit/Lifetime.js';

/** What a caller gets that stopped waiting for a plan. */
export function lifetimeError(end: LifetimeEnd): PorticoError {
  return end === 'deadline'
    ? new PorticoError('GATEWAY_TIMEOUT', 'The request took too long: it was still being planned')
    : new PorticoError('REQUEST_CANCELLED', 'The client went away while its operation was being planned');
}
