import { PorticoError } from '../../base/errors/PorticoError.js';
import { ConnectTimeoutError } from '../../upstream/http/connector.js';
import { transportError } from '../../upstream/http/transportError.js';

/** How a connection fails, as `details.reason` of SUBREQUEST_HTTP_ERROR names it. */
export type FaultReason =
  | 'refused'
  | 'reset'
  | 'dns'
  | 'unreachable'
  | 'connect_timeout'
  | 'tls'
  | 'truncated'
  | 'protocol';

/** What Node and undici say in these cases. */
const CAUSES: Readonly<Record<FaultReason, () => Error>> = {
  refused: () => coded('ECONNREFUSED', 'connect ECONNREFUSED'),
  reset: () => coded('ECONNRESET', 'read ECONNRESET'),
  dns: () => coded('ENOTFOUND', 'getaddrinfo ENOTFOUND'),
  unreachable: () => coded('EHOSTUNREACH', 'connect EHOSTUNREACH'),
  connect_timeout: () => new ConnectTimeoutError(1000),
  tls: () => coded('CERT_HAS_EXPIRED', 'certificate has expired'),
  truncated: () =>
    coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'Response body length does not match content-length header'),
  protocol: () =>
    Object.assign(new Error('Response does not match the HTTP/1.1 protocol'), { name: 'HTTPParserError' }),
};

/** Throws: a TypeError for a failure that there is not. */
export function checkReason(what: FaultReason | Error): void {
  if (what instanceof Error || Object.hasOwn(CAUSES, what)) return;
  throw new TypeError(
    `No connection fails with ${JSON.stringify(what)}: there are ${Object.keys(CAUSES).join(', ')}, and any Error; hang() for no answer at all`,
  );
}

/** The error that the HTTP client gives for such a failure; an error of the caller's own is read by the same rules. */
export function transportFault(subgraph: string, url: string, what: FaultReason | Error): PorticoError {
  if (what instanceof PorticoError) return what;
  const cause = typeof what === 'string' ? CAUSES[what]() : what;
  return transportError(subgraph, URL.canParse(url) ? new URL(url).origin : url, cause);
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
