import { lifetimeError } from '../base/errors/lifetimeError.js';
import { PorticoError } from '../base/errors/PorticoError.js';
import { InFlight } from '../base/kit/InFlight.js';
import type { Held } from '../base/kit/InFlight.js';
import type { Lifetime, LifetimeEnd, LifetimeWatcher } from '../base/kit/Lifetime.js';

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
  const inFlight = new InFlight<InProcessCall>();
  let closed = false;

  return {
    name,
    execute(call: SubgraphCall): Promise<SubgraphReply> {
      if (closed) return Promise.reject(closedError(name));
      const { lifetime } = call;
      if (lifetime.ended !== undefined) return Promise.reject(lifetimeError(lifetime.ended, { subgraph: name }));
      return new Promise<SubgraphReply>((resolve, reject) => {
        const own = new InProcessCall(name, lifetime, inFlight, reject);
        run(answer, call).then(
          (answered) => {
            own.over();
            resolve(replyOf(answered));
          },
          (error: unknown) => own.fail(asPorticoError(error, name)),
        );
      });
    },
    close(): Promise<void> {
      closed = true;
      for (const call of inFlight.all()) call.fail(closedError(name));
      return Promise.resolve();
    },
  };
}

/** A call that is waited for. Once it is over, whatever the function still does is nobody's business. */
class InProcessCall implements Held, LifetimeWatcher {
  slot = -1;
  readonly #subgraph: string;
  readonly #lifetime: Lifetime;
  readonly #inFlight: InFlight<InProcessCall>;
  readonly #reject: (error: PorticoError) => void;

  constructor(
    subgraph: string,
    lifetime: Lifetime,
    inFlight: InFlight<InProcessCall>,
    reject: (error: PorticoError) => void,
  ) {
    this.#subgraph = subgraph;
    this.#lifetime = lifetime;
    this.#inFlight = inFlight;
    this.#reject = reject;
    inFlight.add(this);
    lifetime.watch(this);
  }

  onLifetimeEnd(end: LifetimeEnd): void {
    this.fail(lifetimeError(end, { subgraph: this.#subgraph }));
  }

  fail(error: PorticoError): void {
    this.over();
    this.#reject(error);
  }

  over(): void {
    this.#inFlight.remove(this);
    this.#lifetime.unwatch(this);
  }
}

function replyOf({ data, errors, extensions, status = 200, headers = {} }: InProcessAnswer): SubgraphReply {
  return { data, errors, extensions, status, headers, shared: false };
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
