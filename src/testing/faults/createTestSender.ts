import type { ClientsOptions } from '../../upstream/createClients.js';
import { createHttpClient } from '../../upstream/http/httpClient.js';
import { createPoolRegistry } from '../../upstream/http/pools.js';
import type { OpenGraph } from '../openGraph.js';
import type { Observations } from '../records/Observations.js';
import { createTestClient } from './createTestClient.js';
import { readRestWire, readWire } from './WireAnswer.js';

/** Makes the client of each subgraph: of one in this process, or over HTTP of one that runs. */
export function createTestSender(
  { subgraphs }: OpenGraph,
  observed: Observations,
): NonNullable<ClientsOptions['sender']> {
  const { clock, current, log, scripts } = observed;
  const pools = createPoolRegistry();
  const bySubgraph = new Map(subgraphs.map((subgraph) => [subgraph.name, subgraph]));
  return ({ name, url }, options) => {
    const { answer, answerRest, observer } = bySubgraph.get(name)!;
    const http =
      answer === undefined && answerRest === undefined ? createHttpClient({ name, url, options, pools }) : undefined;
    const { maxResponseBytes } = options;
    return createTestClient({
      name,
      url,
      maxResponseBytes,
      clock,
      script: scripts.get(name)!,
      begin: (call) => log.begin(name, call, current.getStore()),
      send: async (call, recorded) =>
        call.rest !== undefined && answerRest !== undefined
          ? readRestWire(name, await answerRest(call.rest), maxResponseBytes)
          : ((await http?.execute(call)) ?? readWire(name, await answer!(recorded), maxResponseBytes)),
      ended: (recorded) => observer?.ended(recorded, current.getStore()?.clientHeaders ?? {}),
      close: () => http?.close() ?? Promise.resolve(),
    });
  };
}
