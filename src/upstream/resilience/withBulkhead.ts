import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';

import type { Bulkhead } from './Bulkhead.js';

/** Lets only so many calls through at a time; see Bulkhead. Errors: OVERLOADED when too many wait already. HOT. */
export function withBulkhead(next: SubgraphClient, places: Bulkhead): SubgraphClient {
  // The same two functions for every call: they know nothing of it.
  const onReply = (reply: SubgraphReply): SubgraphReply => {
    places.leave();
    return reply;
  };
  const onError = (error: unknown): never => {
    places.leave();
    throw error;
  };
  const run = (call: SubgraphCall): Promise<SubgraphReply> => next.execute(call).then(onReply, onError);
  return {
    name: next.name,
    execute: (call) => (places.tryEnter() ? run(call) : places.enter(call.lifetime).then(() => run(call))),
    close: () => next.close(),
  };
}
