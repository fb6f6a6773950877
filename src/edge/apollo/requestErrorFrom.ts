import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';

import { codes } from '../../base/errors/codes.js';
import { PorticoError } from '../../base/errors/PorticoError.js';

/** When a client may try again what failed for want of capacity, in seconds. */
const RETRY_AFTER_S = '1';

/**
 * What the client reads when a whole request failed by an exception: a coded error, masked as its code demands. Apollo Server takes the
 * HTTP status from `extensions.http` and removes it. Located errors never have it: one of them would set the status of the whole answer.
 */
export function requestErrorFrom(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const code = error instanceof PorticoError ? error.code : 'INTERNAL_SERVER_ERROR';
  const message = error instanceof PorticoError ? error.clientMessage : codes[code].summary;
  const headers = new HeaderMap();
  if (error instanceof PorticoError)
    for (const [name, value] of Object.entries(error.headers)) headers.set(name, value);
  if (codes[code].retry === 'later') headers.set('retry-after', RETRY_AFTER_S);
  return new GraphQLError(message, { extensions: { code, http: { status: codes[code].status, headers } } });
}
