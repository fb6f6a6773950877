import { PorticoError } from '../../base/errors/PorticoError.js';
import type { SubgraphClient, SubgraphOperation, SubgraphReply } from '../../upstream/SubgraphClient.js';

import type { Run } from './Run.js';

/** Who is asked, and for what. */
export interface AskedSubgraph {
  readonly client: SubgraphClient;
  /** What is asked for, for when a stand-in answers. */
  readonly coordinates?: readonly string[] | undefined;
}

/**
 * Makes one call with everything of the run that a client needs.
 *
 * @param take gets the reply, before anybody else of the run goes on; what it throws goes to `fail`
 * @param fail gets what the call was rejected with, see SubgraphClient
 * @returns settles when the reply is taken; rejects with what a promise of `take` or what `fail` rejects with
 *
 * HOT: one promise a call. An async function that awaits the reply costs two more, and its frame.
 */
export function callSubgraph(
  run: Run,
  { client, coordinates }: AskedSubgraph,
  operation: SubgraphOperation,
  variablesJson: string | undefined,
  take: (reply: SubgraphReply) => Promise<void> | void,
  fail: (error: unknown) => void,
): Promise<void> {
  const { input } = run;
  const { name } = client;
  if (input.skipped?.has(name) === true) {
    fail(tooExpensive(name));
    return Promise.resolve();
  }
  const startedAt = performance.now();
  const turn = run.sent++;
  const failCall = (error: unknown): void => {
    input.onCall(name, startedAt, true, operation);
    fail(error);
  };
  try {
    const headers = input.headersFor(name);
    const call = client.execute({
      operation,
      variablesJson,
      headers,
      correlation: input.correlationFor(name),
      lifetime: input.lifetime,
      epoch: operation.kind === 'mutation' ? 0 : input.epochOf(name),
      origin: input.origin,
      route: input.routeFor?.(name),
    });
    return call.then((reply) => {
      try {
        input.origin?.replied(headers, reply);
        input.onReply?.(name, turn, reply);
        if (reply.degraded !== undefined && coordinates !== undefined)
          for (const coordinate of coordinates) run.degradations.note(coordinate, reply.degraded, 'endpoint');
      } catch (error) {
        return failCall(error);
      }
      input.onCall(name, startedAt, false, operation);
      try {
        return take(reply);
      } catch (error) {
        return fail(error);
      }
    }, failCall);
  } catch (error) {
    // Clients reject. One that throws has failed all the same, and the steps beside this one go on.
    failCall(error);
    return Promise.resolve();
  }
}

function tooExpensive(subgraph: string): PorticoError {
  const message = `${subgraph} is not asked: what it would be asked for is estimated to cost more than its budget`;
  return new PorticoError('SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE', message, { details: { subgraph } });
}
