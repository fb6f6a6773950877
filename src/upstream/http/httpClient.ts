import { systemClock } from '../../base/kit/Clock.js';
import type { SubgraphClient } from '../SubgraphClient.js';

import { createExchangeClient, readUrl } from './exchangeClient.js';
import type { HttpClientTarget } from './exchangeClient.js';
import { readReply } from './readReply.js';
import { requestHeaders } from './requestHeaders.js';
import { createBodySigner } from './signBody.js';

/**
 * A subgraph over HTTP/1.1 (GraphQL over HTTP, POST with a JSON body).
 *
 * A header value that HTTP cannot carry rejects the call (SUBREQUEST_HTTP_ERROR, reason `unsendable`): to drop, say, a credential would
 * change who is asking. Connection headers and those this client sets itself are left out silently.
 *
 * Errors: those of SubgraphClient; CONFIG_INVALID at once for a URL that cannot be used.
 */
export function createHttpClient(target: HttpClientTarget): SubgraphClient {
  const { name, url, options, clock = systemClock } = target;
  const { path } = readUrl(name, url);
  const hmac = options?.hmac;
  const sign = hmac && createBodySigner(hmac, clock);
  return createExchangeClient(target, readReply, (call) => {
    const { operation, variablesJson } = call;
    const body =
      variablesJson === undefined
        ? operation.bodyHead + '}'
        : operation.bodyHead + ',"variables":' + variablesJson + '}';
    const headers = requestHeaders(call, hmac?.header);
    if (sign !== undefined) headers.push(hmac!.header, sign(body));
    return { path, method: 'POST', headers, body };
  });
}
