import type { Lifetime, LifetimeEnd } from '../../base/kit/Lifetime.js';
import type { SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';
import { lifetimeError } from '../../base/errors/lifetimeError.js';

import { FlightTable } from './FlightTable.js';
import type { Flying } from './FlightTable.js';
import { withLifetime } from './withDeadline.js';

/**
 * Lets identical queries in flight share one call and one parsed reply.
 *
 * - Identical: same text, variables, forwarded headers and epoch. Correlation headers are those of the first caller.
 * - Mutations pass untouched.
 * - Each waiter keeps its own lifetime. The shared call is aborted when the last waiter has left, and not before.
 * - A flight is found only while it is in flight: it leaves the table when it settles or is aborted, so a failure reaches those who
 *   wait now and nobody later.
 * - A reply that goes to several is marked `shared`; `set-cookie` goes to the first caller only.
 *
 * HOT: once per subgraph call. Bench: bench/upstream.ts.
 */
export function withDedupe(next: SubgraphClient): SubgraphClient {
  const flights = new FlightTable<Flight>();
  return {
    name: next.name,
    execute(call) {
      if (call.operation.kind !== 'query') return next.execute(call);
      if (call.lifetime.ended !== undefined)
        return Promise.reject(lifetimeError(call.lifetime.ended, { subgraph: next.name }));
      return new Promise((resolve, reject) => {
        const joined = flights.find(call);
        const flight = joined ?? new Flight(call, next, flights);
        flight.waiters.push(new Waiter(flight, call, resolve, reject));
        if (joined === undefined) flight.start();
      });
    },
    close: () => next.close(),
  };
}

class Flight implements Flying<Flight> {
  /** The first caller's call. */
  readonly call: SubgraphCall;
  readonly waiters: Waiter[];
  nextInBucket: Flight | undefined;
  readonly #next: SubgraphClient;
  readonly #table: FlightTable<Flight>;
  readonly #lifetime: Lifetime;

  constructor(call: SubgraphCall, next: SubgraphClient, table: FlightTable<Flight>) {
    this.call = call;
    this.waiters = [];
    this.nextInBucket = undefined;
    this.#next = next;
    this.#table = table;
    this.#lifetime = call.lifetime.another(Infinity);
  }

  start(): void {
    this.#table.add(this);
    this.#next.execute(withLifetime(this.call, this.#lifetime)).then(
      (reply) => this.#land(reply),
      (error: unknown) => this.#crash(error),
    );
  }

  /** The waiter's own time is over. */
  leave(waiter: Waiter, end: LifetimeEnd): void {
    this.waiters.splice(this.waiters.indexOf(waiter), 1);
    waiter.reject(lifetimeError(end, { subgraph: this.#next.name }));
    if (this.waiters.length > 0) return;
    this.#table.remove(this);
    this.#lifetime.end('cancelled');
  }

  #land(reply: SubgraphReply): void {
    const { waiters } = this;
    if (waiters.length === 0) return;
    this.#table.remove(this);
    this.#lifetime.close();
    const isShared = waiters.length > 1;
    let forFollowers: SubgraphReply | undefined;
    for (let index = 0; index < waiters.length; index++) {
      const waiter = waiters[index]!;
      waiter.stopListening();
      if (waiter.call === this.call) waiter.resolve(isShared ? share(reply, reply.headers, true) : reply);
      else waiter.resolve((forFollowers ??= share(reply, withoutCookies(reply.headers), isShared)));
    }
  }

  #crash(error: unknown): void {
    const { waiters } = this;
    if (waiters.length === 0) return;
    this.#table.remove(this);
    this.#lifetime.close();
    for (let index = 0; index < waiters.length; index++) {
      waiters[index]!.stopListening();
      waiters[index]!.reject(error);
    }
  }
}

class Waiter {
  readonly call: SubgraphCall;
  readonly resolve: (reply: SubgraphReply) => void;
  readonly reject: (error: unknown) => void;
  readonly stopListening: () => void;

  constructor(flight: Flight, call: SubgraphCall, resolve: Waiter['resolve'], reject: Waiter['reject']) {
    this.call = call;
    this.resolve = resolve;
    this.reject = reject;
    this.stopListening = call.lifetime.onEnd((end) => flight.leave(this, end));
  }
}

function share(reply: SubgraphReply, headers: SubgraphReply['headers'], isShared: boolean): SubgraphReply {
  const { data, errors, extensions, status } = reply;
  return { data, errors, extensions, status, headers, shared: isShared || reply.shared };
}

function withoutCookies(headers: SubgraphReply['headers']): SubgraphReply['headers'] {
  if (headers['set-cookie'] === undefined) return headers;
  const { 'set-cookie': _, ...rest } = headers;
  return rest;
}
