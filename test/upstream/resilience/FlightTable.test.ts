import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FlightTable } from '../../../src/upstream/resilience/FlightTable.js';
import type { Flying } from '../../../src/upstream/resilience/FlightTable.js';
import type { SubgraphCall } from '../../../src/upstream/SubgraphClient.js';
import { makeCall, makeOperation } from '../../support/subgraphCall.js';

class Flight implements Flying<Flight> {
  nextInBucket: Flight | undefined = undefined;
  readonly call: SubgraphCall;
  constructor(call: SubgraphCall) {
    this.call = call;
  }
}

const keyOf = ({ operation, variablesJson, headers, epoch }: SubgraphCall): string =>
  JSON.stringify([operation.text, variablesJson ?? null, headers, epoch]);

describe('FlightTable', () => {
  it('finds what a Map of whole keys finds, in any order of coming and going, with thousands in few buckets', () => {
    // Only the start of long variables differs, where few characters are sampled: many collisions.
    const variables = fc.option(
      fc.nat(40).map((id) => `{"id":"${id}","pad":"${'x'.repeat(300)}"}`),
      { nil: undefined },
    );
    const call = fc
      .record({
        text: fc.constantFrom('{ a }', '{ b }', '{ longer }'),
        variablesJson: variables,
        headers: fc.constantFrom<Array<[string, string]>>([], [['a', 'b']], [['a', 'c']]),
        epoch: fc.nat(2),
      })
      .map(({ text, ...rest }) => makeCall({ operation: makeOperation(text), ...rest }));
    fc.assert(
      fc.property(fc.array(call, { maxLength: 300, size: 'max' }), (calls) => {
        const table = new FlightTable<Flight>();
        const model = new Map<string, Flight>();
        for (const one of calls) {
          const known = model.get(keyOf(one));
          expect(table.find(one)).toBe(known);
          if (known === undefined) {
            const flight = new Flight(one);
            table.add(flight);
            model.set(keyOf(one), flight);
          } else {
            table.remove(known);
            model.delete(keyOf(one));
          }
          one.lifetime.close();
        }
        for (const [, flight] of model) expect(table.find(flight.call)).toBe(flight);
      }),
      { numRuns: 50 },
    );
  });
});
