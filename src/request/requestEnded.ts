import { PorticoError } from '../base/errors/PorticoError.js';
import type { LifetimeEnd } from '../base/kit/Lifetime.js';

/** The error of a request whose lifetime ended before its answer. */
export function requestEnded(reason: LifetimeEnd): PorticoError {
  return reason === 'deadline'
    ? new PorticoError('GATEWAY_TIMEOUT', 'The request took too long')
    : new PorticoError('REQUEST_CANCELLED', 'The client went away');
}
