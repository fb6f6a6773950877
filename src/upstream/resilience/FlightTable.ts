import type { HeaderPairs, SubgraphCall } from '../SubgraphClient.js';

/** Something in flight for a call. `nextInBucket` belongs to the table. */
export interface Flying<Self> {
  readonly call: SubgraphCall;
  nextInBucket: Self | undefined;
}

const BUCKETS = 256;
const SAMPLES = 32;

/**
 * Flights by their calls: body, forwarded headers, endpoint group and epoch are compared, not joined, so no separator can be forged.
 *
 * HOT: one look-up, one `add` and one `remove` per subgraph call. Bench: bench/upstream.ts. Buckets instead of a Map, because a Map that
 * gains and loses an entry per call is rebuilt all the time and drags dead calls into the old generation: about 5 µs a call over
 * loopback (Node 20.20, 2026-11-23). A client that makes its variables collide gets a walk along its own calls in flight.
 */
export class FlightTable<Flight extends Flying<Flight>> {
  readonly #buckets: Array<Flight | undefined> = new Array<Flight | undefined>(BUCKETS).fill(undefined);

  find(call: SubgraphCall): Flight | undefined {
    let flight = this.#buckets[bucketOf(call)];
    while (flight !== undefined && !isSameCall(flight.call, call)) flight = flight.nextInBucket;
    return flight;
  }

  add(flight: Flight): void {
    const bucket = bucketOf(flight.call);
    flight.nextInBucket = this.#buckets[bucket];
    this.#buckets[bucket] = flight;
  }

  remove(flight: Flight): void {
    const bucket = bucketOf(flight.call);
    let before = this.#buckets[bucket];
    if (before === flight) {
      this.#buckets[bucket] = flight.nextInBucket;
    } else {
      while (before !== undefined && before.nextInBucket !== flight) before = before.nextInBucket;
      if (before !== undefined) before.nextInBucket = flight.nextInBucket;
    }
    flight.nextInBucket = undefined;
  }
}

/** From the lengths and some characters; the ids that differ are near the end as a rule. */
function bucketOf(call: SubgraphCall): number {
  const variables = call.variablesJson ?? '';
  const step = 1 + (variables.length >> 5);
  let hash = call.operation.text.length * 31 + variables.length;
  for (let at = variables.length - 1, left = SAMPLES; at >= 0 && left > 0; at -= step, left--) {
    hash = (Math.imul(hash, 31) + variables.charCodeAt(at)) | 0;
  }
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (BUCKETS - 1);
}

function isSameCall(left: SubgraphCall, right: SubgraphCall): boolean {
  return (
    left.epoch === right.epoch &&
    left.route?.group === right.route?.group &&
    left.operation.bodyHead === right.operation.bodyHead &&
    left.variablesJson === right.variablesJson &&
    isSameHeaders(left.headers, right.headers)
  );
}

function isSameHeaders(left: HeaderPairs, right: HeaderPairs): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (left[index]![0] !== right[index]![0] || left[index]![1] !== right[index]![1]) return false;
  }
  return true;
}
