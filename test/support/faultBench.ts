import { expect } from 'vitest';

import { PorticoError } from '../../src/base/errors/PorticoError.js';
import { createClients } from '../../src/upstream/createClients.js';
import type { TrafficSettings } from '../../src/upstream/TrafficOptions.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../src/upstream/SubgraphClient.js';

import { startChaosUpstream } from './chaosUpstream.js';
import type { ChaosScript, ChaosUpstream } from './chaosUpstream.js';
import { makeCall } from './subgraphCall.js';

/** A usable answer's body. */
export const OK = '{"data":{"ok":true}}';

/** A chaos upstream and clients for it, as the fault tests use them. */
export interface FaultBench {
  readonly upstream: ChaosUpstream;
  /** The subgraph `chaos` with all decorators: 1 MB ceiling, 5 s timeout and no retries unless given; at the upstream unless another URL is given. */
  clientOf(options?: TrafficSettings, url?: string): SubgraphClient;
  /** One call by a new client, answered by `script`. */
  ask(script: ChaosScript, options?: TrafficSettings, call?: Partial<SubgraphCall>): Promise<SubgraphReply>;
  closeClients(): Promise<void>;
  close(): Promise<void>;
}

export async function startFaultBench(): Promise<FaultBench> {
  const upstream = await startChaosUpstream(() => {});
  const clients: SubgraphClient[] = [];
  const clientOf: FaultBench['clientOf'] = (options = {}, url = upstream.url) => {
    const all = { maxResponseBytes: 1_000_000, timeoutMs: 5000, retry: { maxAttempts: 1 }, ...options };
    const client = createClients([{ name: 'chaos', url }], { all }).get('chaos')!;
    clients.push(client);
    return client;
  };
  const closeClients = async (): Promise<void> => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  };
  return {
    upstream,
    clientOf,
    ask(script, options, call) {
      upstream.answerWith(script);
      return clientOf(options).execute(makeCall(call));
    },
    closeClients,
    async close() {
      await closeClients();
      await upstream.close();
    },
  };
}

/** Sends the bytes, then FIN. */
export function sending(bytes: string | Buffer): ChaosScript {
  return ({ end }) => end(bytes);
}

/** The error of a call that must fail. What a client may read of it must not name anything of ours. */
export async function failureOf(reply: Promise<SubgraphReply>): Promise<PorticoError> {
  const error = await reply.then(
    (answered) => expect.fail(`answered ${JSON.stringify(answered)}`),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(PorticoError);
  expect((error as PorticoError).clientMessage).not.toMatch(/chaos|127\.0|localhost|ECONN|ENOTFOUND|\d{4}/);
  return error as PorticoError;
}
