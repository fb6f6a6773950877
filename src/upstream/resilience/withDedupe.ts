import { Lifetime } from '../../base/kit/Lifetime.js';
import type { LifetimeEnd } from '../../base/kit/Lifetime.js';
import type { HeaderPairs, SubgraphCall, SubgraphClient, SubgraphReply } from '../SubgraphClient.js';
import { lifetimeError } from '../lifetimeError.js';

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
 * HOT: once per subgraph call. Bench: bench/upstream.ts. Keys are compared, not joined or hashed: no separator to forge, no copy.
 */
export function withDedupe(next: SubgraphClient): SubgraphClient {
  const flights: FlightTable = new Map();
  return {
    name: next.name,
    execute(call) {
      if (call.operation.kind !== 'query') return next.execute(call);
      if (call.lifetime.ended !== undefined) return Promise.reject(lifetimeError(call.lifetime.ended, next.name));
      return new Promise((resolve, reject) => {
        const { text } = call.operation;
        const variables = call.variablesJson ?? '';
        let byVariables = flights.get(text);
        if (byVariables === undefined) flights.set(text, (byVariables = new Map()));
        const first = byVariables.get(variables);
        let flight = first;
        while (flight !== undefined && !isSame(flight.call, call)) flight = flight.sibling;
        if (flight !== undefined) {
          flight.waiters.push(new Waiter(flight, call, resolve, reject));
          return;
        }
        flight = new Flight(call, next, flights, first);
        byVariables.set(variables, flight);
        flight.waiters.push(new Waiter(flight, call, resolve, reject));
        flight.start();
      });
    },
    close: () => next.close(),
  };
}

/** By text, then by variables; flights that differ in headers or epoch are siblings. */
type FlightTable = Map<string, Map<string, Flight>>;

class Flight {
  /** The first caller's call. */
  readonly call: SubgraphCall;
  readonly waiters: Waiter[];
  sibling: Flight | undefined;
  readonly #next: SubgraphClient;
  readonly #table: FlightTable;
  readonly #lifetime: Lifetime;

  constructor(call: SubgraphCall, next: SubgraphClient, table: FlightTable, sibling: Flight | undefined) {
    this.call = call;
    this.waiters = [];
    this.sibling = sibling;
    this.#next = next;
    this.#table = table;
    this.#lifetime = new Lifetime(Infinity);
  }

  start(): void {
    this.#next.execute(withLifetime(this.call, this.#lifetime)).then(
      (reply) => this.#land(reply),
      (error: unknown) => this.#crash(error),
    );
  }

  /** The waiter's own time is over. */
  leave(waiter: Waiter, end: LifetimeEnd): void {
    this.waiters.splice(this.waiters.indexOf(waiter), 1);
    waiter.reject(lifetimeError(end, this.#next.name));
    if (this.waiters.length > 0) return;
    this.#leaveTable();
    this.#lifetime.end('cancelled');
  }

  #land(reply: SubgraphReply): void {
    const { waiters } = this;
    if (waiters.length === 0) return;
    this.#leaveTable();
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
    this.#leaveTable();
    this.#lifetime.close();
    for (let index = 0; index < waiters.length; index++) {
      waiters[index]!.stopListening();
      waiters[index]!.reject(error);
    }
  }

  #leaveTable(): void {
    const { text } = this.call.operation;
    const variables = this.call.variablesJson ?? '';
    const byVariables = this.#table.get(text);
    const first = byVariables?.get(variables);
    if (byVariables === undefined || first === undefined) return;
    if (first !== this) {
      let before: Flight | undefined = first;
      while (before !== undefined && before.sibling !== this) before = before.sibling;
      if (before !== undefined) before.sibling = this.sibling;
    } else if (this.sibling !== undefined) {
      byVariables.set(variables, this.sibling);
    } else {
      byVariables.delete(variables);
      if (byVariables.size === 0) this.#table.delete(text);
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

/** Text and variables are the same already. */
function isSame(left: SubgraphCall, right: SubgraphCall): boolean {
  return left.epoch === right.epoch && isSameHeaders(left.headers, right.headers);
}

function isSameHeaders(left: HeaderPairs, right: HeaderPairs): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (left[index]![0] !== right[index]![0] || left[index]![1] !== right[index]![1]) return false;
  }
  return true;
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
