import { GraphQLError } from 'graphql';
import type { ASTNode } from 'graphql';

import { codes } from '../../base/errors/codes.js';
import type { ErrorCode } from '../../base/errors/codes.js';

/** No message to a client is longer, whatever it quotes. */
export const MAX_MESSAGE_CHARACTERS = 1000;

/**
 * The client's mistake, refused before anything runs: coded, with the status of its code in `extensions.http` (which the protocol
 * server turns into the answer's status and takes off).
 *
 * @param node where in the document; its position is looked up at once, which costs a scan of the source text.
 */
export function requestError(code: ErrorCode, message: string, node?: ASTNode): GraphQLError {
  const text = message.length > MAX_MESSAGE_CHARACTERS ? `${message.slice(0, MAX_MESSAGE_CHARACTERS)}…` : message;
  const extensions = { code, http: { status: codes[code].status } };
  return new GraphQLError(text, node === undefined ? { extensions } : { extensions, nodes: node });
}
