import { PorticoError } from '../../base/errors/PorticoError.js';
import type { SubgraphClient, SubgraphOperation, SubgraphReply } from '../../upstream/SubgraphClient.js';

import type { Run } from './Run.js';

/** Makes one call with everything of the run that a client needs. Rejects as SubgraphClient does. HOT: one promise. */
export function callSubgraph(
  run: Run,
  client: SubgraphClient,
  operation: SubgraphOperation,
  variablesJson: string | undefined,
  coordinates: readonly string[] = [],
): Promise<SubgraphReply> {
  const { input } = run;
  if (input.skipped?.has(client.name) === true) {
    const details = { subgraph: client.name };
    const message = `${client.name} is not asked: what it would be asked for is estimated to cost more than its budget`;
    return Promise.reject(new PorticoError('SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE', message, { details }));
  }
  const startedAt = performance.now();
  const turn = run.sent++;
  const headers = input.headersFor(client.name);
  const call = client.execute({
    operation,
    variablesJson,
    headers,
    correlation: input.correlationFor(client.name),
    lifetime: input.lifetime,
    epoch: operation.kind === 'mutation' ? 0 : input.epochOf(client.name),
    origin: input.origin,
    route: input.routeFor?.(client.name),
  });
  return call.then(
    (reply) => {
      let failed = true;
      try {
        input.origin?.replied(headers, reply);
        input.onReply?.(client.name, turn, reply);
        if (reply.degraded !== undefined)
          for (const coordinate of coordinates) run.degradations.note(coordinate, reply.degraded, 'endpoint');
        failed = false;
        return reply;
      } finally {
        input.onCall(client.name, startedAt, failed, operation);
      }
    },
    (error: unknown) => {
      input.onCall(client.name, startedAt, true, operation);
      throw error;
    },
  );
}
