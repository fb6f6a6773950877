import { PorticoError } from '../../src/base/errors/PorticoError.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../../src/upstream/SubgraphClient.js';

/** A usable reply with what a test wants otherwise. */
export function makeReply(reply: Partial<SubgraphReply> = {}): SubgraphReply {
  return { data: {}, errors: undefined, extensions: undefined, status: 200, headers: {}, shared: false, ...reply };
}

/** A failure as the HTTP client makes it. */
export function httpFailure(details: Readonly<Record<string, unknown>> = { reason: 'refused' }): PorticoError {
  return new PorticoError('SUBREQUEST_HTTP_ERROR', 'it failed', { details: { subgraph: 'chaos', ...details } });
}

export interface ScriptedClient extends SubgraphClient {
  readonly calls: SubgraphCall[];
  /** Of calls that are not answered yet, in order. */
  readonly pending: Array<{ resolve: (reply?: Partial<SubgraphReply>) => void; reject: (error?: unknown) => void }>;
}

/** A client `chaos` that answers by script, or, without one, when the test says. */
export function scriptedClient(script?: (call: SubgraphCall, serial: number) => SubgraphReply | Error): ScriptedClient {
  const calls: SubgraphCall[] = [];
  const pending: ScriptedClient['pending'] = [];
  return {
    name: 'chaos',
    calls,
    pending,
    execute(call) {
      const serial = calls.push(call) - 1;
      if (script !== undefined) {
        const answer = script(call, serial);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      }
      return new Promise((resolve, reject) => {
        pending.push({
          resolve: (reply) => resolve(makeReply(reply)),
          reject: (error = httpFailure()) => reject(error as Error),
        });
      });
    },
    close: () => Promise.resolve(),
  };
}
