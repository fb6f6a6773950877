import type { HeaderPairs, SubgraphCall } from '../SubgraphClient.js';

/**
 * Headers that belong to the connection or to this client: never taken from a call, whatever its rules forward (RFC 9110 7.6.1).
 * `accept-encoding` too: subgraphs are near, and inflating costs more than the bytes.
 */
const RESERVED: ReadonlySet<string> = new Set([
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

const OWN = [
  'content-type',
  'application/json',
  'accept',
  'application/graphql-response+json, application/json;q=0.9',
] as const;

/** The request's headers as undici wants them: names and values in turn. */
export function requestHeaders(call: SubgraphCall): string[] {
  const flat: string[] = [...OWN];
  append(flat, call.headers);
  append(flat, call.correlation);
  return flat;
}

function append(flat: string[], headers: HeaderPairs): void {
  for (let index = 0; index < headers.length; index++) {
    const [name, value] = headers[index]!;
    if (!RESERVED.has(name)) flat.push(name, value);
  }
}
