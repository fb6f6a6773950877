import { lifetimeError } from '../base/errors/lifetimeError.js';
import type { Lifetime } from '../base/kit/Lifetime.js';

import type { RequestContext } from './context.js';

interface Flight<Reply> {
  readonly promise: Promise<Reply>;
  readonly lifetime: Lifetime;
  readonly leader: string;
  waiters: number;
  leave: () => void;
}

/**
 * Identical queries in flight share one execution and one text.
 *
 * - The key must hold everything that shapes the answer; correlation headers do not, so followers only note whom they followed.
 * - Every waiter keeps its own deadline; the execution is aborted when the last one leaves.
 * - A flight leaves the map when it settles or is aborted: a failure reaches the current waiters only.
 * - What is handed out is never mutated.
 */
export class SharedExecutions<Reply> {
  readonly #flights = new WeakMap<object, Map<string, Flight<Reply>>>();

  /**
   * @param owner the part of the key that is an object: the prepared operation (generation, document and operation name)
   * @param start begins the execution, with the leader's facts and the lifetime of the flight
   */
  join(
    owner: object,
    key: string,
    context: RequestContext,
    start: (leader: RequestContext) => Promise<Reply>,
  ): Promise<Reply> {
    let flights = this.#flights.get(owner);
    if (flights === undefined) this.#flights.set(owner, (flights = new Map<string, Flight<Reply>>()));
    let flight = flights.get(key);
    if (flight === undefined) flight = launch(flights, key, context, start);
    else context.trace.sharedWith = flight.leader;
    return wait(flight, context.lifetime);
  }
}

function launch<Reply>(
  flights: Map<string, Flight<Reply>>,
  key: string,
  context: RequestContext,
  start: (leader: RequestContext) => Promise<Reply>,
): Flight<Reply> {
  // Followers join until it settles, each with a deadline of its own: the flight lives as long as anybody waits.
  const lifetime = context.lifetime.another(Infinity);
  const { requestId, clientIp, url, correlation, identity, identityToken, answerHeaders, trace } = context;
  const promise = start({
    requestId,
    lifetime,
    header: (name) => context.header(name),
    headerNames: () => context.headerNames(),
    clientIp,
    url,
    correlation,
    identity,
    identityToken,
    answerHeaders,
    trace,
  });
  const leave = (): void => {
    if (flights.get(key) === flight) flights.delete(key);
  };
  const flight: Flight<Reply> = { promise, lifetime, leader: requestId, waiters: 0, leave };
  flights.set(key, flight);
  const settle = (): void => {
    leave();
    lifetime.close();
  };
  promise.then(settle, settle);
  return flight;
}

function wait<Reply>(flight: Flight<Reply>, lifetime: Lifetime): Promise<Reply> {
  flight.waiters++;
  return new Promise<Reply>((resolve, reject) => {
    const stopListening = lifetime.onEnd((reason) => {
      reject(lifetimeError(reason));
      if (--flight.waiters > 0) return;
      flight.leave();
      flight.lifetime.end('cancelled');
    });
    flight.promise.then(
      (reply) => {
        stopListening();
        resolve(reply);
      },
      (error: unknown) => {
        stopListening();
        reject(error as Error);
      },
    );
  });
}
