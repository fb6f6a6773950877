import { hash32, mix32 } from '../../base/kit/hash32.js';

import type { Endpoint } from './Endpoint.js';

/** How an endpoint is chosen out of at least one. HOT: once per call; none of them allocates. Bench: bench/upstream.ts. */
export type Pick = (candidates: readonly Endpoint[]) => Endpoint;

/**
 * Smooth weighted round-robin (nginx): out of any run of calls each endpoint gets its share to within one, and a heavy one does not get
 * its share in a row. Works while candidates come and go.
 */
export function nextInTurn(candidates: readonly Endpoint[]): Endpoint {
  let total = 0;
  let best = candidates[0]!;
  for (let index = 0; index < candidates.length; index++) {
    const endpoint = candidates[index]!;
    total += endpoint.weight;
    endpoint.credit += endpoint.weight;
    if (endpoint.credit > best.credit) best = endpoint;
  }
  best.credit -= total;
  return best;
}

/** The less busy of two at random, in relation to their weights ("power of two choices"): never all to the one that just looks idle. */
export function lessBusyOfTwo(random: () => number): Pick {
  return (candidates) => {
    const { length } = candidates;
    const at = Math.floor(random() * length);
    const one = candidates[at]!;
    if (length === 1) return one;
    const other = candidates[(at + 1 + Math.floor(random() * (length - 1))) % length]!;
    return (other.inFlight + 1) * one.weight < (one.inFlight + 1) * other.weight ? other : one;
  };
}

/**
 * The endpoint that belongs to a text: weighted rendezvous hashing. When an endpoint leaves only its own texts move, and they spread over
 * all others; when it comes back they return.
 */
export function pickByHash(candidates: readonly Endpoint[], text: string): Endpoint {
  const hash = hash32(text);
  let best = candidates[0]!;
  let bestScore = -Infinity;
  for (let index = 0; index < candidates.length; index++) {
    const endpoint = candidates[index]!;
    const share = (mix32(hash ^ endpoint.seed) + 0.5) / 2 ** 32;
    const score = -endpoint.weight / Math.log(share);
    if (score > bestScore) {
      best = endpoint;
      bestScore = score;
    }
  }
  return best;
}
