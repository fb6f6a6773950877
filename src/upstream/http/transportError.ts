import { PorticoError } from '../../base/errors/PorticoError.js';

/** Why a call failed below GraphQL, in `details.reason` of the error. */
export type TransportReason =
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'connect_timeout'
  | 'tls'
  | 'reset'
  | 'truncated'
  | 'protocol'
  | 'unsendable'
  | 'closed'
  | 'status'
  | 'other';

/** Node's and undici's codes. Most TLS codes are told by their beginning. */
const REASONS: ReadonlyMap<string, TransportReason> = new Map([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['EAI_FAIL', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['CONNECT_TIMEOUT', 'connect_timeout'],
  ['ETIMEDOUT', 'unreachable'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'truncated'],
  ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
  ['UND_ERR_INVALID_ARG', 'unsendable'],
  ['UND_ERR_NOT_SUPPORTED', 'unsendable'],
  ['UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'unsendable'],
  ['UND_ERR_DESTROYED', 'closed'],
  ['UND_ERR_CLOSED', 'closed'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
]);

/** The operator's error for a call that got no complete HTTP answer. */
export function transportError(subgraph: string, origin: string, cause: Error): PorticoError {
  const reason = reasonOf(cause);
  return new PorticoError(
    'SUBREQUEST_HTTP_ERROR',
    `${subgraph} (${origin}): ${reason}: ${cause.message || cause.name}`,
    {
      details: { subgraph, reason },
      cause,
    },
  );
}

/** Whether the connection broke, rather than never came up. */
export function isReset(cause: Error): boolean {
  return reasonOf(cause) === 'reset';
}

function reasonOf(cause: Error): TransportReason {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known = REASONS.get(code);
  if (known !== undefined) return known;
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO)/.test(code)) return 'tls';
  return cause.name === 'HTTPParserError' ? 'protocol' : 'other';
}
