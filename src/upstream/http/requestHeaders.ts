import { CONNECTION_HEADERS } from '../../base/kit/connectionHeaders.js';
import type { HeaderPairs, SubgraphCall } from '../SubgraphClient.js';

const OWN = [
  'content-type',
  'application/json',
  'accept',
  'application/graphql-response+json, application/json;q=0.9',
] as const;

/**
 * The request's headers as undici wants them: names and values in turn.
 *
 * @param reserved a header that nobody but the gateway may set: the signature's
 */
export function requestHeaders(call: SubgraphCall, reserved?: string): string[] {
  const flat: string[] = [...OWN];
  append(flat, call.headers, reserved);
  append(flat, call.correlation, reserved);
  return flat;
}

function append(flat: string[], headers: HeaderPairs, reserved: string | undefined): void {
  for (let index = 0; index < headers.length; index++) {
    const [name, value] = headers[index]!;
    if (!CONNECTION_HEADERS.has(name) && name !== reserved) flat.push(name, value);
  }
}
