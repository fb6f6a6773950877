import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Mapping } from '../../../../src/supergraph/connect/mapping/Mapping.js';
import { outputShape } from '../../../../src/supergraph/connect/mapping/outputShape.js';
import type { OutputShape } from '../../../../src/supergraph/connect/mapping/outputShape.js';
import { parseSelection } from '../../../../src/supergraph/connect/mapping/parseSelection.js';
import { printMapping } from '../../../../src/supergraph/connect/mapping/printMapping.js';
import { variableUses } from '../../../../src/supergraph/connect/mapping/variableUses.js';
import { compileMapping } from '../../../../src/upstream/rest/mapping/compileMapping.js';
import { naiveEvaluate } from './naiveEvaluate.js';
import { randomInput, randomRoot } from './randomMappings.js';

/** `MAPPING_RUNS=20000 npx vitest run test/upstream/rest/mapping/mappingProperties.test.ts` for a long run. */
const RUNS = Number(process.env['MAPPING_RUNS'] ?? 200);

const withoutPlaces = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (name, part: unknown) => (name === 'start' || name === 'end' ? undefined : part)));

function parse(text: string): Mapping {
  const result = parseSelection(text);
  if (!result.ok) throw new Error(`${result.problem.message} in ${text}`);
  return result.value;
}

/** As JSON, with sorted keys: what prototype an object has does not matter. */
const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([k, v]) => [`.${k}`, v]),
        )
      : Object.is(part, -0)
        ? 0
        : part,
  );

describe('any mapping', { timeout: 60_000 + RUNS * 20 }, () => {
  it('is printed so that reading it gives the same mapping', () => {
    fc.assert(
      fc.property(randomRoot, (root) => {
        const text = printMapping({ root });
        const read = parse(text);
        expect(withoutPlaces(read.root)).toEqual(withoutPlaces(root));
        expect(printMapping(read)).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });

  it('makes what a naive evaluator makes', () => {
    fc.assert(
      fc.property(randomRoot, randomInput, randomInput, (root, input, args) => {
        const mapping = parse(printMapping({ root }));
        const variables = { $args: args };
        const { value } = compileMapping(mapping)(input, variables);
        expect(canonical(value)).toEqual(canonical(naiveEvaluate(mapping, input, variables)));
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('reads nothing from outside that the analysis does not name', () => {
    fc.assert(
      fc.property(randomRoot, randomInput, (root, input) => {
        const read = new Set<string>();
        const variables = Object.defineProperties(
          {},
          Object.fromEntries(
            ['$args', '$this', '$x'].map((name) => [name, { enumerable: true, get: () => (read.add(name), {}) }]),
          ),
        );
        const mapping = parse(printMapping({ root }));
        compileMapping(mapping)(input, variables);
        const named = new Set(variableUses(mapping).map(({ variable }) => variable));
        for (const name of read) expect([name, named.has(name)]).toEqual([name, true]);
      }),
      { numRuns: RUNS },
    );
  });

  it('makes no field that the analysis does not name', () => {
    fc.assert(
      fc.property(randomRoot, randomInput, (root, input) => {
        const mapping = parse(printMapping({ root }));
        within(outputShape(mapping), compileMapping(mapping)(input, { $args: { a: 1 } }).value);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Objects that a set or a literal made have the fields of the shape and no others. */
function within(shape: OutputShape, value: unknown): void {
  if (shape.kind === 'value' || value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const element of value) within(shape, element);
    return;
  }
  for (const [name, part] of Object.entries(value)) {
    const field = shape.fields.get(name);
    expect([name, field !== undefined]).toEqual([name, true]);
    within(field!.shape, part);
  }
}
