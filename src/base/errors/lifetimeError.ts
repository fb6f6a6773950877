import type { LifetimeEnd } from '../kit/Lifetime.js';
import { PorticoError } from './PorticoError.js';

/**
 * The error of whoever waits when the lifetime ends: GATEWAY_TIMEOUT or REQUEST_CANCELLED. Clients read the messages, so they name nothing
 * of ours.
 *
 * @param details what was waited for, for the log
 */
export function lifetimeError(end: LifetimeEnd, details: Readonly<Record<string, unknown>> = {}): PorticoError {
  return end === 'deadline'
    ? new PorticoError('GATEWAY_TIMEOUT', 'The request took too long', { details })
    : new PorticoError('REQUEST_CANCELLED', 'The client went away', { details });
}
