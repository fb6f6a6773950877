import { PorticoError } from '../../base/errors/PorticoError.js';
import type { Lifetime } from '../../base/kit/Lifetime.js';
import type { SubgraphCall, SubgraphClient } from '../SubgraphClient.js';

export interface DeadlineOptions {
  /** Total time of one call, from queueing to the last byte. Milliseconds, above 0; default 3000. */
  readonly timeoutMs: number;
}

/**
 * Gives each call a total deadline of its own, never more than what its request has left.
 *
 * Errors: SUBGRAPH_TIMEOUT when the subgraph's own time is over; when the request's is, whatever `next` rejects with (GATEWAY_TIMEOUT).
 * HOT: no timer when the request ends sooner anyway.
 */
export function withDeadline(next: SubgraphClient, { timeoutMs }: DeadlineOptions): SubgraphClient {
  return {
    name: next.name,
    execute(call) {
      const lifetime = call.lifetime.shorter(timeoutMs);
      if (lifetime === undefined) return next.execute(call);
      return next.execute(withLifetime(call, lifetime)).then(
        (reply) => {
          lifetime.close();
          return reply;
        },
        (error: unknown) => {
          lifetime.close();
          throw isOwnDeadline(error, call, lifetime) ? timeoutError(next.name, timeoutMs) : error;
        },
      );
    },
    close: () => next.close(),
  };
}

/** The same call for another stretch of time. */
export function withLifetime(call: SubgraphCall, lifetime: Lifetime): SubgraphCall {
  return {
    operation: call.operation,
    variablesJson: call.variablesJson,
    headers: call.headers,
    correlation: call.correlation,
    lifetime,
    epoch: call.epoch,
    origin: call.origin,
    route: call.route,
    attempt: call.attempt,
    tried: call.tried,
    rest: call.rest,
  };
}

function isOwnDeadline(error: unknown, call: SubgraphCall, lifetime: Lifetime): boolean {
  if (lifetime.ended !== 'deadline' || call.lifetime.ended !== undefined) return false;
  return error instanceof PorticoError && error.code === 'GATEWAY_TIMEOUT';
}

function timeoutError(subgraph: string, timeoutMs: number): PorticoError {
  return new PorticoError('SUBGRAPH_TIMEOUT', `${subgraph} did not answer within ${timeoutMs} ms`, {
    details: { subgraph, timeoutMs },
  });
}
