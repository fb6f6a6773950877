import type { TestCall } from '../records/TestCall.js';
import type { FaultEffect, FaultScript } from './FaultScript.js';
import { random } from './random.js';
import { checkReason } from './transportFault.js';
import type { FaultReason } from './transportFault.js';
import { wireAnswer } from './WireAnswer.js';

/**
 * What goes wrong with the calls of one subgraph, until `recover()`: `subgraph.delay(200)`, `subgraph.once().respondWith(503)`,
 * `subgraph.when((call) => call.kind === 'mutation').hang()`.
 *
 * Failures are what sockets and servers give, so that retries, breakers and error codes behave as in production.
 */
export class Faults {
  readonly #script: FaultScript;
  readonly #left: number;
  readonly #applies: (call: TestCall) => boolean;

  constructor(script: FaultScript, left: number = Infinity, applies: (call: TestCall) => boolean = () => true) {
    this.#script = script;
    this.#left = left;
    this.#applies = applies;
  }

  /** What follows is for the next call only. */
  once(): Faults {
    return this.times(1);
  }

  /** What follows is for the next `count` calls, a whole number from 1. */
  times(count: number): Faults {
    if (!(count >= 1 && (Number.isInteger(count) || count === Infinity))) {
      throw new RangeError(`Something cannot go wrong ${String(count)} times: a whole number from 1`);
    }
    return new Faults(this.#script, count, this.#applies);
  }

  /** What follows is for such calls only. */
  when(applies: (call: TestCall) => boolean): Faults {
    if (typeof applies !== 'function') throw new TypeError('when() takes a function that is given the call');
    return new Faults(this.#script, this.#left, (call) => this.#applies(call) && applies(call));
  }

  /** The connection fails. Default: it is reset. */
  fail(reason: FaultReason | Error = 'reset'): this {
    checkReason(reason);
    return this.#add({ kind: 'fail', reason });
  }

  /** The service is not there: connections are refused. */
  down(): this {
    return this.fail('refused');
  }

  /** Answers come this much later, in milliseconds of the gateway's clock. Several delays add up. */
  delay(ms: number): this {
    if (!(typeof ms === 'number' && ms >= 0 && ms < Infinity)) {
      throw new RangeError(`Nothing is late by ${String(ms)} ms: a number from 0; hang() for no answer at all`);
    }
    return this.#add({ kind: 'delay', ms });
  }

  /** There never is an answer. */
  hang(): this {
    return this.#add({ kind: 'hang' });
  }

  /** Another HTTP answer. An object is sent as JSON; a text as it stands. */
  respondWith(status: number, body?: unknown, headers?: Readonly<Record<string, string>>): this {
    if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
      throw new RangeError(`respondWith(${String(status)}) has no status of an answer: 200 to 599, then the body`);
    }
    return this.#add({ kind: 'answer', answer: wireAnswer(status, body, headers) });
  }

  /** This share of the calls fails, from 0 to 1; which ones follows from the seed. */
  flaky(share: number, seed: number | string = 1, reason: FaultReason | Error = 'reset'): this {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`flaky(${String(share)}): a share of the calls from 0 to 1`);
    checkReason(reason);
    const next = random(seed);
    this.#script.add({
      effect: { kind: 'fail', reason },
      applies: (call) => this.#applies(call) && next() < share,
      left: this.#left,
    });
    return this;
  }

  #add(effect: FaultEffect): this {
    this.#script.add({ effect, applies: this.#applies, left: this.#left });
    return this;
  }
}
