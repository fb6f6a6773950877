import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import type { Bulkhead } from './Bulkhead.js';

/** Lets only so many calls through at a time; see Bulkhead. Errors: OVERLOADED when too many wait already. HOT. */
export function withBulkhead(next: SubgraphClient, places: Bulkhead): SubgraphClient {
  const run = (call: SubgraphCall): Promise<SubgraphReply> =>
    next.execute(call).then(
      (reply) => {
        places.leave();
        return reply;
      },
      (error: unknown) => {
        places.leave();
        throw error;
      },
    );
  return {
    name: next.name,
    execute: (call) => (places.tryEnter() ? run(call) : places.enter(call.lifetime).then(() => run(call))),
    close: () => next.close(),
  };
}
