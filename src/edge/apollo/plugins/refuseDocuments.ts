import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { parse } from 'graphql';
import type { DocumentNode, GraphQLError } from 'graphql';

/** Judges a parsed document before it is validated: cheap, and safe on documents that no validation has seen. */
export type DocumentCheck = (document: DocumentNode) => GraphQLError | undefined;

/**
 * Refuses documents between parsing and validation, on every route by which a document can come (POST, GET, APQ, document store).
 *
 * Why it is done like this: validation itself is what some documents attack (overlapping fields are compared pairwise), and
 * Apollo Server has no hook that can refuse before it. So a refused document is swapped for a trivial one, which validates, and
 * which the next hook recognises. Apollo Server keeps the trivial one in its document store: the same text is refused again.
 */
export function refuseDocuments(check: DocumentCheck): ApolloServerPlugin {
  const refusals = new WeakMap<DocumentNode, GraphQLError>();
  const listener: GraphQLRequestListener<object> = {
    async validationDidStart(requestContext) {
      const refusal = check(requestContext.document);
      if (refusal === undefined) return;
      const stand: DocumentNode = parse('{__typename}', { noLocation: true });
      refusals.set(stand, refusal);
      (requestContext as { document: DocumentNode }).document = stand;
    },
    async didResolveOperation(requestContext) {
      const refusal = refusals.get(requestContext.document);
      if (refusal !== undefined) throw refusal;
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}
