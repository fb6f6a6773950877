import { CONNECTION_HEADERS } from '../../base/kit/connectionHeaders.js';
import type { HeaderPairs, SubgraphCall } from '../SubgraphClient.js';

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
    if (!CONNECTION_HEADERS.has(name)) flat.push(name, value);
  }
}
