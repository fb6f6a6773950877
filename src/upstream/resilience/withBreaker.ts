import { PorticoError } from '../../base/errors/PorticoError.js';
import { circuitRejections } from '../../base/telemetry/channels.js';
import type { SubgraphClient, SubgraphOperation } from '../SubgraphClient.js';

import { REFUSED } from './Breaker.js';
import type { Breaker } from './Breaker.js';
import { createJudge } from './judge.js';
import type { Judge } from './judge.js';

/** Which breakers stand before calls of an operation. Asked once per attempt, so the answer is kept per operation. */
export type BreakersOf = (operation: SubgraphOperation) => readonly Breaker[];

/**
 * Refuses calls while a breaker is open, before they queue for a place. Counts nothing and takes no probe's place: that is done where
 * attempts are made (`withBreaker`).
 *
 * Errors: SUBGRAPH_CIRCUIT_OPEN. HOT.
 */
export function withBreakerCheck(next: SubgraphClient, breakersOf: BreakersOf): SubgraphClient {
  return {
    name: next.name,
    execute(call) {
      const breakers = breakersOf(call.operation);
      for (let index = 0; index < breakers.length; index++) {
        if (!breakers[index]!.wouldAdmit()) return Promise.reject(refuse(breakers[index]!));
      }
      return next.execute(call);
    },
    close: () => next.close(),
  };
}

/**
 * A breaker around attempts: refuses them while it is open, and counts how they end; see Breaker and createJudge. Fits around a whole
 * subgraph as well as around one of its endpoints.
 *
 * Errors: SUBGRAPH_CIRCUIT_OPEN. HOT: one promise.
 */
export function withBreaker(next: SubgraphClient, breaker: Breaker): SubgraphClient {
  const judge = createJudge(breaker.options);
  return {
    name: next.name,
    execute(call) {
      const ticket = breaker.admit();
      if (ticket === REFUSED) return Promise.reject(refuse(breaker));
      return next.execute(call).then(
        (reply) => {
          breaker.settle(ticket, judge.reply(reply));
          return reply;
        },
        (error: unknown) => {
          breaker.settle(ticket, judge.error(error, call));
          throw error;
        },
      );
    },
    close: () => next.close(),
  };
}

/**
 * The same with a breaker per field: an attempt counts for the fields it carries, and for `whole` when it carries none of them. So one
 * bad field does not close the subgraph to all others.
 *
 * @param fieldsOf the breakers of the fields in an operation
 */
export function withFieldBreakers(
  next: SubgraphClient,
  whole: Breaker | undefined,
  fieldsOf: BreakersOf,
): SubgraphClient {
  const plain = whole === undefined ? next : withBreaker(next, whole);
  const judges = new WeakMap<Breaker, Judge>();
  const judgeOf = (breaker: Breaker): Judge => {
    const judge = judges.get(breaker) ?? createJudge(breaker.options);
    judges.set(breaker, judge);
    return judge;
  };
  return {
    name: next.name,
    execute(call) {
      const breakers = fieldsOf(call.operation);
      if (breakers.length === 0) return plain.execute(call);
      const tickets: number[] = [];
      for (const breaker of breakers) {
        const ticket = breaker.admit();
        if (ticket === REFUSED) {
          for (let index = 0; index < tickets.length; index++) breakers[index]!.settle(tickets[index]!, 'neutral');
          return Promise.reject(refuse(breaker));
        }
        tickets.push(ticket);
      }
      return next.execute(call).then(
        (reply) => {
          breakers.forEach((breaker, index) => breaker.settle(tickets[index]!, judgeOf(breaker).reply(reply)));
          return reply;
        },
        (error: unknown) => {
          breakers.forEach((breaker, index) => breaker.settle(tickets[index]!, judgeOf(breaker).error(error, call)));
          throw error;
        },
      );
    },
    close: () => next.close(),
  };
}

function refuse({ scope, retryInMs }: Breaker): PorticoError {
  if (circuitRejections.hasSubscribers) circuitRejections.publish(scope);
  return new PorticoError('SUBGRAPH_CIRCUIT_OPEN', `the circuit of ${scope.subgraph} is open, the call was not sent`, {
    details: { ...scope, retryInMs: Math.round(retryInMs) },
  });
}
