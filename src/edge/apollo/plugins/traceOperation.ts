import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';

import { requestContextKey } from '../../http/Exchange.js';
import type { RequestContext } from '../../../request/context.js';

/** Tells the access log which operation a request ran. */
export function traceOperation(): ApolloServerPlugin {
  const listener: GraphQLRequestListener<{ readonly [requestContextKey]?: RequestContext }> = {
    async didResolveOperation({ contextValue, operation }) {
      const trace = contextValue[requestContextKey]?.trace;
      if (trace === undefined || operation === undefined) return;
      trace.operationName = operation.name?.value;
      trace.operationKind = operation.operation;
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}
