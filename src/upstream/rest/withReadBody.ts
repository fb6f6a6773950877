import { parseJson } from '../../base/kit/json.js';
import type { SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

/** STUB: Reads the text of answers by their content type. */
export function withReadBody(next: SubgraphClient): SubgraphClient {
  return {
    name: next.name,
    execute: (call) => next.execute(call).then(readBody),
    close: () => next.close(),
  };
}

function readBody(reply: SubgraphReply): SubgraphReply {
  return { ...reply, data: typeof reply.data === 'string' ? parseJson(reply.data) : reply.data };
}
