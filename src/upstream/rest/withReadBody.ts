import { PorticoError } from '../../base/errors/PorticoError.js';
import { parseJson } from '../../base/kit/json.js';
import type { SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

/** Reads the text of answers by their content type. */
export function withReadBody(next: SubgraphClient): SubgraphClient {
  return {
    name: next.name,
    execute: (call) => next.execute(call).then((reply) => readBody(next.name, reply)),
    close: () => next.close(),
  };
}

function readBody(subgraph: string, reply: SubgraphReply): SubgraphReply {
  return { ...reply, data: typeof reply.data === 'string' ? parseJson(reply.data) : reply.data };
}
export { PorticoError };
void 0 as unknown as typeof readBody;
