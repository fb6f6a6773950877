import { systemClock } from '../../base/kit/Clock.js';
import { CONNECTION_HEADERS } from '../../base/kit/connectionHeaders.js';
import type { HeaderPairs, SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import { textOf } from './decodeBody.js';
import { createExchangeClient } from './exchangeClient.js';
import type { HttpClientTarget, HttpRequestParts } from './exchangeClient.js';
import type { ResponseHeaders } from './readReply.js';
import { createBodySigner } from './signBody.js';

/** Headers that a connector may set although they belong to the connection: they say what the body is. */
const OF_THE_BODY: ReadonlySet<string> = new Set(['accept', 'content-type']);
const ACCEPT = 'application/json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5';

/**
 * One place of a REST source: sends `rest` of each call. Any status is a reply; its `data` is the text of the body, undefined for none.
 *
 * Errors: as createHttpClient.
 */
export function createRestEndpoint(target: HttpClientTarget): SubgraphClient {
  const { options, clock = systemClock } = target;
  const hmac = options?.hmac;
  const sign = hmac && createBodySigner(hmac, clock);
  return createExchangeClient(target, readText, (call): HttpRequestParts => {
    const { method, path, body } = call.rest!;
    const headers = restHeaders(call, hmac?.header);
    if (sign !== undefined) headers.push(hmac!.header, sign(body ?? ''));
    return { path, method, headers, body: body ?? null };
  });
}

function readText(_subgraph: string, status: number, headers: ResponseHeaders, bytes: Buffer): SubgraphReply {
  const data = bytes.length === 0 ? undefined : textOf(bytes);
  return { data, errors: undefined, extensions: undefined, status, headers, shared: false };
}

/** @param reserved the header of the signature */
function restHeaders({ rest, headers, correlation }: SubgraphCall, reserved: string | undefined): string[] {
  const flat: string[] = [];
  const own = new Set<string>();
  for (const [name, value] of rest!.headers) {
    if ((CONNECTION_HEADERS.has(name) && !OF_THE_BODY.has(name)) || name === reserved) continue;
    own.add(name);
    flat.push(name, value);
  }
  if (!own.has('accept')) flat.push('accept', ACCEPT);
  const append = (pairs: HeaderPairs): void => {
    for (const [name, value] of pairs) {
      if (!CONNECTION_HEADERS.has(name) && name !== reserved && !own.has(name)) flat.push(name, value);
    }
  };
  append(headers);
  append(correlation);
  return flat;
}
