/**
 * Headers that belong to one connection, or that a client of HTTP sets itself: never handed from one connection to another (RFC 9110, 7.6.1).
 * `accept-encoding` too: subgraphs are near, and inflating costs more than the bytes. Lower case.
 */
export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
