import { PorticoError } from '../../base/errors/PorticoError.js';
import type { SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import { readBody } from './response/readBody.js';

/**
 * Reads the text of answers by their content type: the `data` of a reply is then a JSON value. Below breakers and retries, so that what
 * cannot be read counts against the service.
 *
 * Errors: SUBREQUEST_MALFORMED_RESPONSE for a success that cannot be read. The body of another status may be anything.
 */
export function withReadBody(next: SubgraphClient): SubgraphClient {
  const { name } = next;
  return {
    name,
    execute: (call) => next.execute(call).then((reply) => read(name, reply)),
    close: () => next.close(),
  };
}

function read(subgraph: string, reply: SubgraphReply): SubgraphReply {
  const type = reply.headers['content-type'];
  const body = readBody(reply.data as string | undefined, typeof type === 'string' ? type : undefined);
  const { status } = reply;
  if (!body.ok && status >= 200 && status <= 299) {
    throw new PorticoError('SUBREQUEST_MALFORMED_RESPONSE', `${subgraph} answered ${status}: ${body.message}`, {
      details: { subgraph, status },
    });
  }
  return { ...reply, data: body.ok ? body.value : null };
}
