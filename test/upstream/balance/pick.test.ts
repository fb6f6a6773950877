import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Endpoint } from '../../../src/upstream/balance/Endpoint.js';
import { lessBusyOfTwo, nextInTurn, pickByHash } from '../../../src/upstream/balance/pick.js';
import { createInProcessClient } from '../../../src/upstream/inProcessClient.js';

const client = createInProcessClient({ name: 'a', answer: () => ({}) });
const endpointsWith = (weights: readonly number[]): Endpoint[] =>
  weights.map((weight, index) => new Endpoint({ url: `http://e${index}/`, weight }, client));

const weightLists = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

describe('in turn', () => {
  it('gives each endpoint exactly its share of every full round, and returns to where it began', () => {
    fc.assert(
      fc.property(weightLists, fc.integer({ min: 1, max: 3 }), (weights, rounds) => {
        const endpoints = endpointsWith(weights);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const counts = new Map<Endpoint, number>();
        for (let call = 0; call < total * rounds; call++) {
          const picked = nextInTurn(endpoints);
          counts.set(picked, (counts.get(picked) ?? 0) + 1);
        }
        expect(endpoints.map((endpoint) => counts.get(endpoint))).toEqual(weights.map((weight) => weight * rounds));
        expect(endpoints.every(({ credit }) => credit === 0)).toBe(true);
      }),
    );
  });

  it('never lags more than one call behind any share, with equal weights', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100 }), (size, calls) => {
        const endpoints = endpointsWith(new Array<number>(size).fill(1));
        const counts = new Map<Endpoint, number>(endpoints.map((endpoint) => [endpoint, 0]));
        for (let call = 0; call < calls; call++) {
          const picked = nextInTurn(endpoints);
          counts.set(picked, counts.get(picked)! + 1);
        }
        const values = [...counts.values()];
        expect(Math.max(...values) - Math.min(...values)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('interleaves: a heavy endpoint does not get its share in a row', () => {
    const endpoints = endpointsWith([5, 1, 1]);
    const order = Array.from({ length: 7 }, () => endpoints.indexOf(nextInTurn(endpoints)));
    expect(order).toEqual([0, 0, 1, 0, 2, 0, 0]);
  });
});

describe('the less busy of two', () => {
  it('is never the one that is busier, in relation to its weight, of the two that were drawn', () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(50)), { minLength: 2, maxLength: 8 }),
        draw,
        draw,
        (list, first, second) => {
          const endpoints = endpointsWith(list.map(([weight]) => weight));
          endpoints.forEach((endpoint, index) => (endpoint.inFlight = list[index]![1]));
          const draws = [first, second];
          const picked = lessBusyOfTwo(() => draws.shift()!)(endpoints);
          const at = Math.floor(first * list.length);
          const other = (at + 1 + Math.floor(second * (list.length - 1))) % list.length;
          expect(other).not.toBe(at);
          const load = ({ inFlight, weight }: Endpoint): number => (inFlight + 1) / weight;
          expect([endpoints[at], endpoints[other]]).toContain(picked);
          expect(load(picked)).toBeLessThanOrEqual(Math.min(load(endpoints[at]!), load(endpoints[other]!)) + 1e-9);
        },
      ),
    );
  });

  it('of one is that one', () => {
    const endpoints = endpointsWith([1]);
    expect(lessBusyOfTwo(() => 0.99)(endpoints)).toBe(endpoints[0]);
  });
});

describe('by hash', () => {
  const texts = Array.from({ length: 4000 }, (_, index) => `user-${index}`);

  it('moves only the texts of an endpoint that leaves, and they come back with it', () => {
    fc.assert(
      fc.property(weightLists, fc.nat(), fc.string(), (weights, seed, text) => {
        fc.pre(weights.length > 1);
        const endpoints = endpointsWith(weights);
        const gone = endpoints[seed % endpoints.length]!;
        const before = pickByHash(endpoints, text);
        const after = pickByHash(
          endpoints.filter((endpoint) => endpoint !== gone),
          text,
        );
        if (before === gone) expect(after).not.toBe(gone);
        else expect(after).toBe(before);
        expect(pickByHash([...endpoints].reverse(), text)).toBe(before);
      }),
    );
  });

  it.each([[[1, 1, 1, 1]], [[1, 2, 5]]])('spreads texts by the weights %j', (weights) => {
    const endpoints = endpointsWith(weights);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const counts = endpoints.map((endpoint) => texts.filter((text) => pickByHash(endpoints, text) === endpoint).length);
    counts.forEach((count, index) => {
      const share = (texts.length * weights[index]!) / total;
      expect(count).toBeGreaterThan(share * 0.85);
      expect(count).toBeLessThan(share * 1.15);
    });
  });

  it('spreads the texts of one that leaves over all others', () => {
    const endpoints = endpointsWith([1, 1, 1, 1]);
    const [gone, ...rest] = endpoints;
    const moved = texts.filter((text) => pickByHash(endpoints, text) === gone);
    for (const endpoint of rest) {
      const share = moved.filter((text) => pickByHash(rest, text) === endpoint).length / moved.length;
      expect(share).toBeGreaterThan(0.25);
      expect(share).toBeLessThan(0.42);
    }
  });
});
