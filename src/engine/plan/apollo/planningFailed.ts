import { PorticoError } from '../../../base/errors/PorticoError.js';

export function planningFailed(why: string, cause?: unknown): PorticoError {
  return new PorticoError('QUERY_PLANNING_FAILED', `The operation could not be planned: ${why}`, { cause });
}
