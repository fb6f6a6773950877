import { fallbackTrigger } from '../../base/errors/fallbackTrigger.js';
import type { FallbackTrigger } from '../../base/errors/fallbackTrigger.js';
import type { ErrorCode } from '../../base/errors/codes.js';
import { PorticoError } from '../../base/errors/PorticoError.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

/**
 * Asks another endpoint of the subgraph when a query to its own has failed as a whole: no answer, a status other than 2xx, or null data.
 * The reply says so (`degraded`). When the other fails too, the first failure is what counts. Who was refused (401, 403) is not asked for
 * elsewhere.
 *
 * @param failureOf why a reply is useless. Default: as GraphQL has it
 *
 * Outermost: each endpoint has its own deadline, breaker and shared calls; every waiter of a failed shared call falls back by itself.
 */
export function withFallbackEndpoint(
  next: SubgraphClient,
  other: SubgraphClient,
  on: ReadonlySet<FallbackTrigger>,
  failureOf: (reply: SubgraphReply) => ErrorCode | undefined = graphqlFailure,
): SubgraphClient {
  const fallBack = async (call: SubgraphCall, code: ErrorCode): Promise<SubgraphReply | undefined> => {
    const trigger = fallbackTrigger(code);
    if (trigger === undefined || !on.has(trigger) || call.lifetime.ended !== undefined) return undefined;
    try {
      const reply = await other.execute(call);
      return failureOf(reply) === undefined ? { ...reply, degraded: code } : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    name: next.name,
    async execute(call) {
      if (call.operation.kind !== 'query') return next.execute(call);
      let reply: SubgraphReply;
      try {
        reply = await next.execute(call);
      } catch (error) {
        const isRefused = error instanceof PorticoError && isRefusal(error.details['status']);
        const code = error instanceof PorticoError && !isRefused ? error.code : undefined;
        const stand = code === undefined ? undefined : await fallBack(call, code);
        if (stand !== undefined) return stand;
        throw error;
      }
      const code = failureOf(reply);
      return (code !== undefined && (await fallBack(call, code))) || reply;
    },
    async close() {
      await Promise.all([next.close(), other.close()]);
    },
  };
}

/** Why an answer of a REST service is useless; that there is no such thing is an answer. */
export function restFailure({ status }: SubgraphReply): ErrorCode | undefined {
  return status >= 500 ? 'SUBREQUEST_HTTP_ERROR' : undefined;
}

/** Why an answer is useless as a whole; undefined for one that is not. */
function graphqlFailure({ status, data, errors }: SubgraphReply): ErrorCode | undefined {
  if (isRefusal(status)) return undefined;
  if (status < 200 || status > 299) return 'SUBREQUEST_HTTP_ERROR';
  if (data !== null && data !== undefined) return undefined;
  return Array.isArray(errors) && errors.length > 0 ? 'DOWNSTREAM_SERVICE_ERROR' : 'SUBREQUEST_MALFORMED_RESPONSE';
}

function isRefusal(status: unknown): boolean {
  return status === 401 || status === 403;
}
