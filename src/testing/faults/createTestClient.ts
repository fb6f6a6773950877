import type { Clock } from '../../base/kit/Clock.js';
import { createInProcessClient } from '../../upstream/inProcessClient.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../upstream/SubgraphClient.js';
import type { RecordedCall } from '../records/RecordedCall.js';
import { waitFor } from './FaultScript.js';
import type { FaultScript } from './FaultScript.js';
import { transportFault } from './transportFault.js';
import { readRestWire, readWire } from './WireAnswer.js';

export interface TestClientParts {
  readonly name: string;
  readonly url: string;
  readonly maxResponseBytes: number;
  readonly clock: Clock;
  readonly script: FaultScript;
  readonly begin: (call: SubgraphCall) => RecordedCall;
  /** Asks the subgraph itself. */
  readonly send: (call: SubgraphCall, recorded: RecordedCall) => Promise<SubgraphReply>;
  /** Told of each call that got an answer or failed. */
  readonly ended: (recorded: RecordedCall) => void;
  readonly close: () => Promise<void>;
}

const NEVER = new Promise<never>(() => {});

/** What stands where the HTTP client of a subgraph would: it writes each call down, lets go wrong what shall, and asks the subgraph. */
export function createTestClient(parts: TestClientParts): SubgraphClient {
  const { name, url, maxResponseBytes, clock, script, begin, send } = parts;

  const pass = async (call: SubgraphCall, recorded: RecordedCall): Promise<SubgraphReply> => {
    const { delayMs, effect } = script.judge(recorded);
    if (delayMs > 0) await waitFor(delayMs, clock, call.lifetime);
    switch (effect?.kind) {
      case 'hang':
        return NEVER;
      case 'fail':
        throw transportFault(name, url, effect.reason);
      case 'answer':
        return (call.rest === undefined ? readWire : readRestWire)(name, effect.answer, maxResponseBytes);
      case undefined:
        return send(call, recorded);
    }
  };

  const client = createInProcessClient({
    name,
    async answer(call) {
      const recorded = begin(call);
      const stopListening = call.lifetime.onEnd((end) => recorded.left(end === 'deadline' ? 'timed out' : 'cancelled'));
      try {
        const reply = await pass(call, recorded);
        recorded.answered(reply);
        return reply;
      } catch (error) {
        recorded.failed(error);
        throw error;
      } finally {
        stopListening();
        parts.ended(recorded);
      }
    },
  });
  return {
    name,
    execute: (call) => client.execute(call),
    async close() {
      await client.close();
      await parts.close();
    },
  };
}
