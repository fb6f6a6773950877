import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';

/**
 * Spares Apollo Server choosing a media type for each answer: it does not when there is one, and edge/http has chosen before it even read
 * the request (see mediaTypes.ts) and writes its own.
 */
export function skipNegotiation(): ApolloServerPlugin {
  const listener: GraphQLRequestListener<object> = {
    async willSendResponse({ response: { body, http } }) {
      if (body.kind === 'single' && !http.headers.has('content-type'))
        http.headers.set('content-type', 'application/json');
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}
