import { PorticoError } from '../base/errors/PorticoError.js';

import { lifetimeError } from '../base/errors/lifetimeError.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from './SubgraphClient.js';

/** What an in-process subgraph answers: a GraphQL result, with the HTTP parts where a test wants them. */
export interface InProcessAnswer {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
  /** Default 200. */
  readonly status?: number;
  /** Lower-case names. Default none. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

export interface InProcessClientOptions {
  /** The subgraph's name. */
  readonly name: string;
  /** Answers one call. A PorticoError it throws is passed on; anything else becomes SUBREQUEST_HTTP_ERROR. */
  readonly answer: (call: SubgraphCall) => InProcessAnswer | Promise<InProcessAnswer>;
}

/**
 * A subgraph that is a function in this process: mocks, tests, services linked into the gateway.
 *
 * Keeps the contract of SubgraphClient whatever the function does: an answer that comes too late, or never, ends with the call's lifetime.
 */
export function createInProcessClient({ name, answer }: InProcessClientOptions): SubgraphClient {
  const inFlight = new Set<(error: PorticoError) => void>();
  let closed = false;

  return {
    name,
    execute(call: SubgraphCall): Promise<SubgraphReply> {
      return new Promise<SubgraphReply>((resolve, reject) => {
        if (closed) return reject(closedError(name));
        if (call.lifetime.ended !== undefined) return reject(lifetimeError(call.lifetime.ended, { subgraph: name }));
        const fail = (error: PorticoError): void => {
          inFlight.delete(fail);
          stopListening();
          reject(error);
        };
        inFlight.add(fail);
        const stopListening = call.lifetime.onEnd((end) => fail(lifetimeError(end, { subgraph: name })));
        void run(answer, call).then(
          (answered) => {
            inFlight.delete(fail);
            stopListening();
            resolve({
              data: answered.data,
              errors: answered.errors,
              extensions: answered.extensions,
              status: answered.status ?? 200,
              headers: answered.headers ?? {},
              shared: false,
            });
          },
          (error: unknown) => fail(asPorticoError(error, name)),
        );
      });
    },
    close(): Promise<void> {
      closed = true;
      for (const fail of [...inFlight]) fail(closedError(name));
      return Promise.resolve();
    },
  };
}

/** Async, so that what the function throws synchronously is a rejection too. */
async function run(answer: InProcessClientOptions['answer'], call: SubgraphCall): Promise<InProcessAnswer> {
  return await answer(call);
}

function closedError(name: string): PorticoError {
  return new PorticoError('SUBREQUEST_HTTP_ERROR', `the client of ${name} is closed`, {
    details: { subgraph: name, reason: 'closed' },
  });
}

function asPorticoError(error: unknown, name: string): PorticoError {
  if (error instanceof PorticoError) return error;
  return new PorticoError('SUBREQUEST_HTTP_ERROR', `${name} threw instead of answering`, {
    details: { subgraph: name, reason: 'thrown' },
    cause: error,
  });
}
