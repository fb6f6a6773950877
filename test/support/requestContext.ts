import { Lifetime } from '../../src/base/kit/Lifetime.js';
import type { RequestContext } from '../../src/request/context.js';
import { anonymous } from '../../src/request/Identity.js';

/** A request's facts with everything defaulted; its lifetime is 20 s unless given. */
export function makeContext(context: Partial<RequestContext> = {}): RequestContext {
  return {
    requestId: 'test',
    lifetime: new Lifetime(20_000),
    header: () => undefined,
    headerNames: () => [],
    clientIp: undefined,
    url: '/graphql',
    correlation: [],
    identity: anonymous,
    answerHeaders: [],
    trace: {
      operationName: undefined,
      operationKind: undefined,
      subgraphCalls: 0,
      slowestSubgraph: undefined,
      slowestSubgraphMs: 0,
      sharedWith: undefined,
      errorCodes: [],
      failures: [],
    },
    ...context,
  };
}
